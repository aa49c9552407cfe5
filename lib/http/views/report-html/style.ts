import { Markup } from "./markup.ts";

/** The page's own style: readable in light, dark, narrow and on paper, without anything from elsewhere. */
export const reportStyle = new Markup(`<style>
:root{color-scheme:light dark;--page:#fff;--sunken:#f3f5f7;--line:#dde1e5;--text:#16191d;--dim:#5a636e;--accent:#1f55c4;--good:#00714f;--bad:#b3400a;--added:#e3f4ea;--removed:#fbe9e3;--caution:#fdf3dc;--caution-line:#e6c574;--before:#8a939e;--after:#0072b2;--today:#d55e00;--best:#009e73}
@media (prefers-color-scheme:dark){:root{--page:#15181b;--sunken:#1f2429;--line:#343b43;--text:#e7eaed;--dim:#a3adb8;--accent:#86aefc;--good:#4cc79a;--bad:#f0895a;--added:#16301f;--removed:#391f17;--caution:#2e2613;--caution-line:#6b5620;--before:#8f99a4;--after:#56b4e9;--today:#f0895a;--best:#2fc597}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main{max-width:52rem;margin:0 auto;padding:2rem 1.25rem 4rem}
h1{font-size:1.6rem;line-height:1.25;margin:0 0 .25rem}
h2{font-size:1.1rem;margin:2.25rem 0 .6rem;padding-top:.9rem;border-top:1px solid var(--line)}
h3{font-size:1rem;margin:1.25rem 0 .3rem}
p{margin:.4rem 0}
.dim{color:var(--dim)}
.verdict{font-size:1.1rem;margin:1rem 0}
.reason{margin:.6rem 0}
.kind{display:inline-block;font-size:.8rem;font-weight:600;padding:.05rem .5rem;border:1px solid var(--good);border-radius:3px;color:var(--good);margin-right:.4rem}
.regressed{color:var(--bad)}.clear{color:var(--good)}
details{margin:.6rem 0;color:var(--dim);font-size:.9rem}summary{cursor:pointer}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:.75rem 1.5rem;margin:1rem 0}
.facts dt{color:var(--dim);font-size:.85rem}
.facts dd{margin:0;font-weight:600;font-variant-numeric:tabular-nums}
.facts dd span{display:block;font-weight:400;font-size:.85rem;color:var(--dim)}
.cautions{background:var(--caution);border:1px solid var(--caution-line);border-radius:6px;padding:.6rem .9rem .6rem 2rem;margin:1rem 0}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.9rem}
th,td{text-align:left;padding:.35rem .75rem .35rem 0;border-bottom:1px solid var(--line);vertical-align:top}
th{font-weight:600;color:var(--dim)}
.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.nowrap{white-space:nowrap}
pre,code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.85rem}
pre{background:var(--sunken);border-radius:6px;padding:.7rem .9rem;margin:.5rem 0;white-space:pre-wrap;overflow-wrap:anywhere}
code{overflow-wrap:anywhere}
ins{background:var(--added);text-decoration:none;display:block}
ins::before{content:"+ ";color:var(--good)}
del{background:var(--removed);text-decoration:none;display:block}
del::before{content:"− ";color:var(--bad)}
.same{display:block;color:var(--dim)}
.same::before{content:"  "}
ol.steps{padding-left:1.4rem}
blockquote{margin:.3rem 0;padding-left:.75rem;border-left:2px solid var(--line);color:var(--dim);overflow-wrap:anywhere}
figure{margin:0}
svg{width:100%;min-width:32rem;height:auto;display:block}
svg text{fill:var(--dim);font:12px system-ui,sans-serif}
svg .label{fill:var(--text)}
.grid{stroke:var(--line)}
.axis{stroke:var(--dim)}
g line{stroke-width:1.5}
g.before line{stroke:var(--before);opacity:.6}g.before circle{fill:var(--page);stroke:var(--before);stroke-width:2}
g.after line{stroke:var(--after);opacity:.6}g.after circle{fill:var(--after)}
g.today line{stroke:var(--today)}g.before.today circle{stroke:var(--today)}g.after.today circle{fill:var(--today)}
g.best line{stroke:var(--best)}g.best circle{fill:var(--best)}
figcaption{font-size:.85rem;color:var(--dim)}
.key{display:inline-block;width:.7rem;height:.7rem;border-radius:50%;margin:0 .3rem 0 .6rem}
.key:first-child{margin-left:0}
.key.before{border:2px solid var(--before)}.key.after{background:var(--after)}.key.today{background:var(--today)}.key.best{background:var(--best)}
footer{margin-top:2.5rem;color:var(--dim);font-size:.85rem}
@media print{:root{--page:#fff;--sunken:#f3f5f7;--line:#ccc;--text:#000;--dim:#444;--added:#e3f4ea;--removed:#fbe9e3;--caution:#fdf3dc;--caution-line:#e6c574;--before:#777;--after:#0072b2;--today:#d55e00;--best:#00714f;--good:#00714f;--bad:#b3400a}
body{font-size:11pt}main{max-width:none;padding:0}figure,tr,.cautions,.facts{break-inside:avoid}h2,h3{break-after:avoid}*{print-color-adjust:exact}}
</style>`);

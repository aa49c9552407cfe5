import { expect, test } from "vitest";
import { html } from "./markup.ts";

test("every text that is put into markup is escaped, in elements and in attributes", () => {
  const hostile = `"><script>alert('&')</script>`;
  expect(html`<b title="${hostile}">${hostile}</b>`.text).toBe(
    `<b title="&quot;&gt;&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;">&quot;&gt;&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;</b>`,
  );
});

test("markup within markup stays, lists are joined, null is nothing", () => {
  expect(html`<ul>${["<a>", "b"].map((text) => html`<li>${text}</li>`)}${null}${0}</ul>`.text).toBe(
    "<ul><li>&lt;a&gt;</li><li>b</li>0</ul>",
  );
});

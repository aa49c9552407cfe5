/**
 * The engineer's calculator: a few lines of arithmetic in Python's notation. Names under `math.` work only after
 * `import math`, as in Python. A recursive-descent evaluator of its own with bounds; nothing is ever executed.
 */

const codeMax = 2_000;
const stepsMax = 2_000;

const constants = new Map([
  ["pi", Math.PI],
  ["e", Math.E],
]);
const functions = new Map<string, (x: number, y?: number) => number>([
  ["sqrt", Math.sqrt],
  ["sin", Math.sin],
  ["cos", Math.cos],
  ["tan", Math.tan],
  ["asin", Math.asin],
  ["acos", Math.acos],
  ["atan", Math.atan],
  ["exp", Math.exp],
  ["log", (x) => Math.log(x)],
  ["log10", Math.log10],
  ["radians", (x) => (x * Math.PI) / 180],
  ["degrees", (x) => (x * 180) / Math.PI],
  ["hypot", (x, y = 0) => Math.hypot(x, y)],
  ["pow", (x, y = 1) => x ** y],
]);

export type Calculation = { result: number } | { error: string };

/** Evaluates the code; the value of its last line is the result, errors are worded as Python's. */
export function calculate(code: string): Calculation {
  if (code.length > codeMax) return { error: `ValueError: at most ${codeMax} characters` };
  const run = new Evaluation();
  try {
    for (const line of code.split(/[\n;]/)) {
      if (line.trim() !== "") run.line(line.trim());
    }
  } catch (error) {
    if (error instanceof CalculatorError) return { error: error.message };
    throw error;
  }
  if (run.last === null) return { error: "SyntaxError: nothing to evaluate" };
  return Number.isFinite(run.last)
    ? { result: run.last }
    : { error: "OverflowError: math range error" };
}

class CalculatorError extends Error {}

class Evaluation {
  last: number | null = null;
  private tokens: string[] = [];
  private at = 0;
  private steps = 0;
  private hasMath = false;
  private readonly names = new Map<string, number>();

  line(text: string): void {
    if (/^import\s+math$/.test(text)) {
      this.hasMath = true;
      return;
    }
    const assignment = /^([A-Za-z_]\w*)\s*=(?!=)\s*(.+)$/.exec(text);
    this.tokens =
      (assignment?.[2] ?? text).match(
        /\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+|math\.[a-z0-9]+|[A-Za-z_]\w*|\*\*|\/\/|[-+*/%(),]|\S/g,
      ) ?? [];
    this.at = 0;
    const value = this.sum();
    if (this.at < this.tokens.length)
      throw new CalculatorError(`SyntaxError: invalid syntax near '${this.tokens[this.at]}'`);
    this.last = value;
    if (assignment?.[1] !== undefined) this.names.set(assignment[1], value);
  }

  private sum(): number {
    let value = this.product();
    for (
      let token = this.tokens[this.at];
      token === "+" || token === "-";
      token = this.tokens[this.at]
    ) {
      this.at++;
      const right = this.product();
      value = token === "+" ? value + right : value - right;
    }
    return value;
  }

  private product(): number {
    let value = this.unary();
    for (let token = this.tokens[this.at]; isProduct(token); token = this.tokens[this.at]) {
      this.at++;
      value = multiply(token, value, this.unary());
    }
    return value;
  }

  private unary(): number {
    this.steps++;
    if (this.steps > stepsMax) throw new CalculatorError("RuntimeError: too many steps");
    if (this.tokens[this.at] === "-") {
      this.at++;
      return -this.unary();
    }
    const base = this.atom();
    if (this.tokens[this.at] !== "**") return base;
    this.at++;
    return base ** this.unary();
  }

  private atom(): number {
    const token = this.tokens[this.at++];
    if (token === undefined) throw new CalculatorError("SyntaxError: unexpected end");
    if (token === "(") {
      const value = this.sum();
      this.expect(")");
      return value;
    }
    if (/^[\d.]/.test(token)) return Number(token);
    if (/^math\./.test(token)) return this.mathName(token.slice(5));
    const known = this.names.get(token);
    if (known !== undefined) return known;
    throw new CalculatorError(`NameError: name '${token}' is not defined`);
  }

  private mathName(name: string): number {
    if (!this.hasMath) throw new CalculatorError("NameError: name 'math' is not defined");
    const constant = constants.get(name);
    if (constant !== undefined) return constant;
    const call = functions.get(name);
    if (call === undefined)
      throw new CalculatorError(`AttributeError: module 'math' has no attribute '${name}'`);
    this.expect("(");
    const first = this.sum();
    let second: number | undefined;
    if (this.tokens[this.at] === ",") {
      this.at++;
      second = this.sum();
    }
    this.expect(")");
    return second === undefined ? call(first) : call(first, second);
  }

  private expect(token: string): void {
    if (this.tokens[this.at++] !== token)
      throw new CalculatorError(`SyntaxError: expected '${token}'`);
  }
}

type ProductSign = "*" | "/" | "%" | "//";

function isProduct(token: string | undefined): token is ProductSign {
  return token === "*" || token === "/" || token === "%" || token === "//";
}

function multiply(sign: ProductSign, a: number, b: number): number {
  if (sign === "*") return a * b;
  if (b === 0) throw new CalculatorError("ZeroDivisionError: division by zero");
  if (sign === "/") return a / b;
  return sign === "//" ? Math.floor(a / b) : a - b * Math.floor(a / b);
}

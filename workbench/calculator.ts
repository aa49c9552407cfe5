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
/** A function with the fewest and the most arguments that it takes. */
type Callable = readonly [call: (...args: number[]) => number, min: number, max: number];

const mathFunctions = new Map<string, Callable>([
  ["sqrt", [Math.sqrt, 1, 1]],
  ["sin", [Math.sin, 1, 1]],
  ["cos", [Math.cos, 1, 1]],
  ["tan", [Math.tan, 1, 1]],
  ["asin", [Math.asin, 1, 1]],
  ["acos", [Math.acos, 1, 1]],
  ["atan", [Math.atan, 1, 1]],
  ["atan2", [Math.atan2, 2, 2]],
  ["tanh", [Math.tanh, 1, 1]],
  ["exp", [Math.exp, 1, 1]],
  ["log", [(x, base) => Math.log(x) / (base === undefined ? 1 : Math.log(base)), 1, 2]],
  ["log10", [Math.log10, 1, 1]],
  ["floor", [Math.floor, 1, 1]],
  ["ceil", [Math.ceil, 1, 1]],
  ["radians", [(x) => (x * Math.PI) / 180, 1, 1]],
  ["degrees", [(x) => (x * 180) / Math.PI, 1, 1]],
  ["hypot", [Math.hypot, 1, 3]],
  ["pow", [(x, y) => x ** y, 2, 2]],
]);

/** What Python knows without an import. */
const builtins = new Map<string, Callable>([
  ["abs", [Math.abs, 1, 1]],
  ["min", [Math.min, 2, 8]],
  ["max", [Math.max, 2, 8]],
]);

export type Calculation = { result: number } | { error: string };

/** Evaluates the code; the value of its last line is the result, errors are worded as Python's. */
export function calculate(code: string): Calculation {
  if (code.length > codeMax) return { error: `ValueError: at most ${codeMax} characters` };
  const run = new Evaluation();
  try {
    for (const line of code.split(/[\n;]/)) {
      const text = line.replace(/#.*/, "").trim();
      if (text !== "") run.line(text);
    }
  } catch (error) {
    if (error instanceof CalculatorError) return { error: error.message };
    throw error;
  }
  if (run.last === null) return { error: "SyntaxError: nothing to evaluate" };
  return { result: run.last };
}

class CalculatorError extends Error {}

/** Python raises where JavaScript answers NaN or infinity. */
function finite(value: number): number {
  if (Number.isNaN(value)) throw new CalculatorError("ValueError: math domain error");
  if (!Number.isFinite(value)) throw new CalculatorError("OverflowError: math range error");
  return value;
}

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
    if (/^(?:import|from)\b/.test(text))
      throw new CalculatorError("ImportError: only math can be imported");
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
      value = finite(token === "+" ? value + right : value - right);
    }
    return value;
  }

  private product(): number {
    let value = this.unary();
    for (let token = this.tokens[this.at]; isProduct(token); token = this.tokens[this.at]) {
      this.at++;
      value = finite(multiply(token, value, this.unary()));
    }
    return value;
  }

  private unary(): number {
    this.steps++;
    if (this.steps > stepsMax) throw new CalculatorError("RuntimeError: too many steps");
    const sign = this.tokens[this.at];
    if (sign === "-" || sign === "+") {
      this.at++;
      return sign === "-" ? -this.unary() : this.unary();
    }
    const base = this.atom();
    if (this.tokens[this.at] !== "**") return base;
    this.at++;
    return finite(base ** this.unary());
  }

  private atom(): number {
    const token = this.tokens[this.at++];
    if (token === undefined) throw new CalculatorError("SyntaxError: unexpected end");
    if (token === "(") {
      const value = this.sum();
      this.expect(")");
      return value;
    }
    if (/^\.?\d/.test(token)) return finite(Number(token));
    if (!/^\w/.test(token))
      throw new CalculatorError(`SyntaxError: invalid syntax near '${token}'`);
    if (/^math\./.test(token)) return this.mathName(token.slice(5));
    const known = this.names.get(token);
    if (known !== undefined) return known;
    const builtin = builtins.get(token);
    if (builtin !== undefined) return this.call(token, builtin);
    throw new CalculatorError(`NameError: name '${token}' is not defined`);
  }

  private mathName(name: string): number {
    if (!this.hasMath) throw new CalculatorError("NameError: name 'math' is not defined");
    const constant = constants.get(name);
    if (constant !== undefined) return constant;
    const callable = mathFunctions.get(name);
    if (callable === undefined)
      throw new CalculatorError(`AttributeError: module 'math' has no attribute '${name}'`);
    return this.call(name, callable);
  }

  private call(name: string, [call, min, max]: Callable): number {
    this.expect("(");
    const args = [this.sum()];
    while (this.tokens[this.at] === ",") {
      this.at++;
      args.push(this.sum());
    }
    this.expect(")");
    if (args.length < min || args.length > max)
      throw new CalculatorError(
        `TypeError: ${name}() takes ${min === max ? min : `${min} to ${max}`} arguments`,
      );
    const value = call(...args);
    // Python's logarithm of nothing is a domain error, where JavaScript's is infinite.
    return finite(value === Number.NEGATIVE_INFINITY ? Number.NaN : value);
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

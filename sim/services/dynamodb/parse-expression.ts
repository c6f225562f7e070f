import {
  type Comparator,
  type Condition,
  type ConditionFunction,
  conditionFunctions,
  ExpressionError,
  type Operand,
  type Parsed,
  type Path,
  type Setting,
  type UpdateAction,
} from './expression.ts';
import { syntaxError, type Token, tokensOf } from './expression-tokens.ts';
import { reservedWords } from './reserved-words.ts';

const comparators: readonly string[] = ['=', '<>', '<', '<=', '>', '>='];
const isConditionFunction = (name: string): name is ConditionFunction => Object.hasOwn(conditionFunctions, name);

const MOST_BYTES = 4_096;
const MOST_OPERATORS = 300;
const MOST_AMONG = 100;
const DEEPEST_PATH = 32;

/** Reads one expression token by token. */
class Reader {
  readonly names = new Set<string>();
  readonly values = new Set<string>();
  readonly compared: { operator: string; first: Path; other: Path }[] = [];
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #at = 0;
  #operators = 0;

  constructor(text: string) {
    if (text.trim() === '') throw new ExpressionError('The expression can not be empty;');
    const bytes = Buffer.byteLength(text);
    if (bytes > MOST_BYTES)
      throw new ExpressionError(`Expression size has exceeded the maximum allowed size; expression size: ${bytes}`);
    this.#text = text;
    this.#tokens = tokensOf(text);
  }

  /** Everything `read` understands, and nothing behind it. */
  whole<Tree>(read: () => Tree): Parsed<Tree> {
    const tree = read();
    if (this.#token.kind !== 'end') throw this.#wrong();
    if (this.#operators > MOST_OPERATORS)
      throw new ExpressionError(`The expression contains too many operators; operator count: ${this.#operators}`);
    return { tree, names: this.names, values: this.values, compared: this.compared };
  }

  get #token(): Token {
    return this.#tokens[this.#at] as Token;
  }
  #wrong(): ExpressionError {
    return syntaxError(this.#text, this.#token);
  }
  #isWord(word: string, token = this.#token): boolean {
    return token.kind === 'word' && token.text.toUpperCase() === word;
  }
  #isSign(sign: string, token = this.#token): boolean {
    return token.kind === 'sign' && token.text === sign;
  }
  #takeWord(word: string): boolean {
    const isThere = this.#isWord(word);
    if (isThere) this.#at += 1;
    return isThere;
  }
  #takeSign(sign: string): boolean {
    const isThere = this.#isSign(sign);
    if (isThere) this.#at += 1;
    return isThere;
  }
  #expectSign(sign: string): void {
    if (!this.#takeSign(sign)) throw this.#wrong();
  }
  #listOf<Entry>(read: () => Entry): readonly Entry[] {
    const entries = [read()];
    while (this.#takeSign(',')) entries.push(read());
    return entries;
  }

  readonly paths = (): readonly Path[] => this.#listOf(this.path);

  readonly path = (): Path => {
    const steps: (string | number)[] = [this.#step()];
    for (;;) {
      if (this.#takeSign('.')) steps.push(this.#step());
      else if (this.#takeSign('[')) {
        const { kind, text } = this.#token;
        if (kind !== 'index') throw this.#wrong();
        this.#at += 1;
        this.#expectSign(']');
        steps.push(Number(text));
      } else break;
    }
    if (steps.length > DEEPEST_PATH)
      throw new ExpressionError(`The document path has too many nesting levels; nesting levels: ${steps.length}`);
    return steps;
  };

  #step(): string {
    const { kind, text } = this.#token;
    if (kind !== 'word' && kind !== 'name') throw this.#wrong();
    this.#at += 1;
    if (kind === 'name') this.names.add(text);
    else if (reservedWords.has(text.toUpperCase()))
      throw new ExpressionError(`Attribute name is a reserved keyword; reserved keyword: ${text}`);
    return text;
  }

  #valueName(): string {
    const { kind, text } = this.#token;
    if (kind !== 'value') throw this.#wrong();
    this.#at += 1;
    this.values.add(text);
    return text;
  }

  /** The name of a function, if a call stands here. */
  #call(): string | undefined {
    const { kind, text } = this.#token;
    const next = this.#tokens[this.#at + 1];
    if (kind !== 'word' || next === undefined || !this.#isSign('(', next)) return undefined;
    this.#at += 2;
    return text;
  }

  readonly condition = (): Condition => {
    let left = this.#conjunction();
    while (this.#takeWord('OR')) {
      this.#operators += 1;
      left = { kind: 'or', left, right: this.#conjunction() };
    }
    return left;
  };

  #conjunction(): Condition {
    let left = this.#negation();
    while (this.#takeWord('AND')) {
      this.#operators += 1;
      left = { kind: 'and', left, right: this.#negation() };
    }
    return left;
  }

  #negation(): Condition {
    if (!this.#takeWord('NOT')) return this.#primary();
    this.#operators += 1;
    return { kind: 'not', condition: this.#negation() };
  }

  /** Whether the parenthesis that opens here holds an operand: a comparison goes on behind it. */
  #holdsOperand(): boolean {
    let depth = 0;
    for (let at = this.#at; at < this.#tokens.length; at += 1) {
      const token = this.#tokens[at] as Token;
      if (this.#isSign('(', token)) depth += 1;
      if (this.#isSign(')', token)) depth -= 1;
      if (depth > 0) continue;
      const next = this.#tokens[at + 1];
      if (next === undefined) return false;
      return comparators.includes(next.text) || this.#isWord('BETWEEN', next) || this.#isWord('IN', next);
    }
    return false;
  }

  #primary(): Condition {
    if (this.#isSign('(') && !this.#holdsOperand()) {
      this.#at += 1;
      const first = this.#at;
      const inner = this.condition();
      this.#expectSign(')');
      if (this.#isRedundant(first, this.#at - 2))
        throw new ExpressionError('The expression has redundant parentheses;');
      return inner;
    }
    this.#operators += 1;
    const from = this.#at;
    const name = this.#call();
    if (name !== undefined && name !== 'size') return this.#conditionFunction(name);
    this.#at = from;
    return this.#comparison(this.#operand());
  }

  /** Whether these tokens are in parentheses again, as a whole. */
  #isRedundant(first: number, last: number): boolean {
    if (!this.#isSign('(', this.#tokens[first]) || !this.#isSign(')', this.#tokens[last])) return false;
    let depth = 0;
    for (let at = first; at < last; at += 1) {
      if (this.#isSign('(', this.#tokens[at])) depth += 1;
      if (this.#isSign(')', this.#tokens[at])) depth -= 1;
      if (depth === 0) return false;
    }
    return true;
  }

  #conditionFunction(name: string): Condition {
    if (name === 'if_not_exists' || name === 'list_append')
      throw new ExpressionError(`The function is not allowed in a condition expression; function: ${name}`);
    if (!isConditionFunction(name)) throw new ExpressionError(`Invalid function name; function: ${name}`);
    const operands = this.#listOf(() => this.#operand());
    this.#expectSign(')');
    if (operands.length !== conditionFunctions[name])
      throw new ExpressionError(
        `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${operands.length}`,
      );
    const needsPath = name === 'attribute_exists' || name === 'attribute_not_exists';
    if (needsPath && operands[0]?.kind !== 'path')
      throw new ExpressionError(`Operator or function requires a document path; operator or function: ${name}`);
    const [first, second] = operands;
    if (first !== undefined && second !== undefined) this.#mustDiffer(name, first, [second]);
    return { kind: 'function', name, operands };
  }

  #comparison(operand: Operand): Condition {
    if (this.#takeWord('BETWEEN')) {
      const low = this.#operand();
      if (!this.#takeWord('AND')) throw this.#wrong();
      return { kind: 'between', operand, low, high: this.#operand() };
    }
    if (this.#takeWord('IN')) {
      this.#expectSign('(');
      const among = this.#listOf(() => this.#operand());
      this.#expectSign(')');
      if (among.length > MOST_AMONG)
        throw new ExpressionError(
          `The IN operator is provided with too many operands; number of operands: ${among.length}`,
        );
      this.#mustDiffer('IN', operand, among);
      return { kind: 'in', operand, among };
    }
    const { kind, text } = this.#token;
    if (kind !== 'sign' || !comparators.includes(text)) throw this.#wrong();
    this.#at += 1;
    const right = this.#operand();
    this.#mustDiffer(text, operand, [right]);
    return { kind: 'compare', by: text as Comparator, left: operand, right };
  }

  #mustDiffer(operator: string, first: Operand, others: readonly Operand[]): void {
    if (first.kind !== 'path') return;
    for (const other of others)
      if (other.kind === 'path') this.compared.push({ operator, first: first.path, other: other.path });
  }

  #operand(): Operand {
    if (this.#takeSign('(')) {
      const inner = this.#operand();
      this.#expectSign(')');
      return inner;
    }
    const name = this.#call();
    if (name !== undefined) {
      if (name !== 'size')
        throw new ExpressionError(
          isConditionFunction(name)
            ? `The function is not allowed to be used this way in an expression; function: ${name}`
            : `Invalid function name; function: ${name}`,
        );
      const of = this.#operand();
      this.#expectSign(')');
      return { kind: 'size', of };
    }
    return this.#token.kind === 'value'
      ? { kind: 'value', name: this.#valueName() }
      : { kind: 'path', path: this.path() };
  }

  readonly update = (): readonly UpdateAction[] => {
    const actions: UpdateAction[] = [];
    const seen = new Set<string>();
    const sections: Readonly<Record<string, () => UpdateAction>> = {
      SET: () => this.#set(),
      REMOVE: () => ({ kind: 'remove', path: this.path() }),
      ADD: () => ({ kind: 'add', path: this.path(), value: this.#valueName() }),
      DELETE: () => ({ kind: 'delete', path: this.path(), value: this.#valueName() }),
    };
    while (this.#token.kind === 'word') {
      const section = this.#token.text.toUpperCase();
      const read = Object.hasOwn(sections, section) ? sections[section] : undefined;
      if (read === undefined) throw this.#wrong();
      if (seen.has(section))
        throw new ExpressionError(`The "${section}" section can only be used once in an update expression;`);
      seen.add(section);
      this.#at += 1;
      actions.push(...this.#listOf(read));
    }
    return actions;
  };

  #set(): UpdateAction {
    const path = this.path();
    this.#expectSign('=');
    const left = this.#setting();
    const sign = this.#takeSign('+') ? '+' : this.#takeSign('-') ? '-' : undefined;
    if (sign === undefined) return { kind: 'set', path, to: left };
    this.#operators += 1;
    return { kind: 'set', path, to: { kind: 'sum', sign, left, right: this.#setting() } };
  }

  #setting(): Setting {
    if (this.#takeSign('(')) {
      const inner = this.#setting();
      this.#expectSign(')');
      return inner;
    }
    const name = this.#call();
    if (name === undefined)
      return this.#token.kind === 'value'
        ? { kind: 'value', name: this.#valueName() }
        : { kind: 'path', path: this.path() };
    this.#operators += 1;
    if (name !== 'if_not_exists' && name !== 'list_append')
      throw new ExpressionError(
        isConditionFunction(name) || name === 'size'
          ? `The function is not allowed in an update expression; function: ${name}`
          : `Invalid function name; function: ${name}`,
      );
    const operands = this.#listOf(() => this.#setting());
    this.#expectSign(')');
    const [first, second, ...more] = operands;
    if (first === undefined || second === undefined || more.length > 0)
      throw new ExpressionError(
        `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${operands.length}`,
      );
    if (name === 'list_append') return { kind: 'listAppend', left: first, right: second };
    if (first.kind !== 'path')
      throw new ExpressionError(`Operator or function requires a document path; operator or function: ${name}`);
    return { kind: 'ifNotExists', path: first.path, otherwise: second };
  }
}

/** Adapters use a handful of expressions over and over; beyond this many something makes them up. */
const MOST_KEPT = 2_000;

/** Parses each text once. */
const kept = <Tree>(read: (reader: Reader) => () => Tree): ((text: string) => Parsed<Tree>) => {
  const known = new Map<string, Parsed<Tree>>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const reader = new Reader(text);
    const parsed = reader.whole(read(reader));
    if (known.size >= MOST_KEPT) known.clear();
    known.set(text, parsed);
    return parsed;
  };
};

/** Parses conditions, filters and key conditions. Throws ExpressionError. */
export const parseCondition = kept((reader) => reader.condition);
/** Parses what UpdateItem is told. Throws ExpressionError. */
export const parseUpdate = kept((reader) => reader.update);
/** Parses the list of paths of a projection. Throws ExpressionError. */
export const parseProjection = kept((reader) => reader.paths);

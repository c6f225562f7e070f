import { ExpressionError, type Parsed, type Path } from './expression.ts';
import { reservedWords } from './reserved-words.ts';
import { isSign, isWord, syntaxError, type Token, tokensOf } from './tokens-of.ts';

const MOST_BYTES = 4_096;
const MOST_OPERATORS = 300;
const DEEPEST_PATH = 32;

/** Reads one expression token by token: what conditions, updates and projections have in common. */
export class ExpressionReader {
  /** Paths that an operator compares with one another. */
  readonly compared: { operator: string; first: Path; other: Path }[] = [];
  readonly #names = new Set<string>();
  readonly #values = new Set<string>();
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
  whole<Tree>(read: (reader: ExpressionReader) => Tree): Parsed<Tree> {
    const tree = read(this);
    if (this.token.kind !== 'end') throw this.wrong();
    if (this.#operators > MOST_OPERATORS)
      throw new ExpressionError(`The expression contains too many operators; operator count: ${this.#operators}`);
    return { tree, names: this.#names, values: this.#values, compared: this.compared };
  }

  /** The token that is read next. */
  get token(): Token {
    return this.#tokens[this.#at] as Token;
  }
  /** How many tokens are read. */
  get at(): number {
    return this.#at;
  }
  tokenAt(place: number): Token | undefined {
    return this.#tokens[place];
  }
  /** Reads on from another place. */
  goTo(place: number): void {
    this.#at = place;
  }
  /** That the next token cannot stand here. */
  wrong(): ExpressionError {
    return syntaxError(this.#text, this.token);
  }
  countOperator(): void {
    this.#operators += 1;
  }

  skip(): void {
    this.#at += 1;
  }
  /** Skips a word if it stands here, in whichever case; answers whether it did. */
  takeWord(word: string): boolean {
    const isThere = isWord(this.token, word);
    if (isThere) this.skip();
    return isThere;
  }
  takeSign(sign: string): boolean {
    const isThere = isSign(this.token, sign);
    if (isThere) this.skip();
    return isThere;
  }
  expectSign(sign: string): void {
    if (!this.takeSign(sign)) throw this.wrong();
  }
  listOf<Entry>(read: () => Entry): readonly Entry[] {
    const entries = [read()];
    while (this.takeSign(',')) entries.push(read());
    return entries;
  }

  path(): Path {
    const steps: (string | number)[] = [this.#step()];
    for (;;) {
      if (this.takeSign('.')) steps.push(this.#step());
      else if (this.takeSign('[')) {
        const { kind, text } = this.token;
        if (kind !== 'index') throw this.wrong();
        this.skip();
        this.expectSign(']');
        steps.push(Number(text));
      } else break;
    }
    if (steps.length > DEEPEST_PATH)
      throw new ExpressionError(`The document path has too many nesting levels; nesting levels: ${steps.length}`);
    return steps;
  }

  #step(): string {
    const { kind, text } = this.token;
    if (kind !== 'word' && kind !== 'name') throw this.wrong();
    this.skip();
    if (kind === 'name') this.#names.add(text);
    else if (reservedWords.has(text.toUpperCase()))
      throw new ExpressionError(`Attribute name is a reserved keyword; reserved keyword: ${text}`);
    return text;
  }

  /** The placeholder of a value. */
  valueName(): string {
    const { kind, text } = this.token;
    if (kind !== 'value') throw this.wrong();
    this.skip();
    this.#values.add(text);
    return text;
  }

  /** A placeholder of a value, or a path. */
  valueOrPath(): { readonly kind: 'value'; readonly name: string } | { readonly kind: 'path'; readonly path: Path } {
    return this.token.kind === 'value'
      ? { kind: 'value', name: this.valueName() }
      : { kind: 'path', path: this.path() };
  }

  /** The name of a function, if a call stands here. */
  call(): string | undefined {
    const { kind, text } = this.token;
    const next = this.tokenAt(this.#at + 1);
    if (kind !== 'word' || next === undefined || !isSign(next, '(')) return undefined;
    this.#at += 2;
    return text;
  }
}

/** Adapters use a handful of expressions over and over; beyond this many something makes them up. */
const MOST_KEPT = 2_000;

/** A parser that reads each text once. */
export const parserOf = <Tree>(read: (reader: ExpressionReader) => Tree): ((text: string) => Parsed<Tree>) => {
  const known = new Map<string, Parsed<Tree>>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const parsed = new ExpressionReader(text).whole(read);
    if (known.size >= MOST_KEPT) known.clear();
    known.set(text, parsed);
    return parsed;
  };
};

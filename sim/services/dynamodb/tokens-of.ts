import { ExpressionError } from './expression.ts';

/** A piece of an expression, and where it begins. */
export type Token = {
  readonly kind: 'word' | 'name' | 'value' | 'index' | 'sign' | 'end';
  readonly text: string;
  readonly at: number;
};

const tokenPattern =
  /\s+|(?<word>[A-Za-z_][A-Za-z0-9_]*)|(?<name>#[A-Za-z0-9_]+)|(?<value>:[A-Za-z0-9_]+)|(?<index>\d+)|(?<sign><>|<=|>=|[=<>(),.[\]+-])/y;

/** The tokens of an expression, the last of kind 'end'. Throws ExpressionError at a character that begins none. */
export const tokensOf = (text: string): readonly Token[] => {
  const tokens: Token[] = [];
  tokenPattern.lastIndex = 0;
  while (tokenPattern.lastIndex < text.length) {
    const at = tokenPattern.lastIndex;
    const found = tokenPattern.exec(text);
    if (found === null) throw syntaxError(text, { kind: 'sign', text: text.charAt(at), at });
    for (const kind of ['word', 'name', 'value', 'index', 'sign'] as const) {
      const part = found.groups?.[kind];
      if (part !== undefined) tokens.push({ kind, text: part, at });
    }
  }
  tokens.push({ kind: 'end', text: '<EOF>', at: text.length });
  return tokens;
};

/** Whether a token is this word, in whichever case. */
export const isWord = ({ kind, text }: Token, word: string): boolean => kind === 'word' && text.toUpperCase() === word;

export const isSign = ({ kind, text }: Token, sign: string): boolean => kind === 'sign' && text === sign;

/** What is said where a token cannot stand. */
export const syntaxError = (text: string, { text: token, at }: Token): ExpressionError =>
  new ExpressionError(
    `Syntax error; token: "${token}", near: "${text.slice(Math.max(0, at - 10), at + token.length + 10)}"`,
  );

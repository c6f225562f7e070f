/** Steps into an item: attribute names, placeholders of names (they begin with '#') and places in lists. */
export type Path = readonly (string | number)[];

export type Operand =
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'value'; readonly name: string }
  | { readonly kind: 'size'; readonly of: Operand };

export type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>=';

/** The functions of conditions, with how many operands they take. */
export const conditionFunctions = {
  attribute_exists: 1,
  attribute_not_exists: 1,
  attribute_type: 2,
  begins_with: 2,
  contains: 2,
} as const;
export type ConditionFunction = keyof typeof conditionFunctions;
export const isConditionFunction = (name: string): name is ConditionFunction => Object.hasOwn(conditionFunctions, name);

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition }
  | { readonly kind: 'not'; readonly condition: Condition }
  | { readonly kind: 'compare'; readonly by: Comparator; readonly left: Operand; readonly right: Operand }
  | { readonly kind: 'between'; readonly operand: Operand; readonly low: Operand; readonly high: Operand }
  | { readonly kind: 'in'; readonly operand: Operand; readonly among: readonly Operand[] }
  | { readonly kind: 'function'; readonly name: ConditionFunction; readonly operands: readonly Operand[] };

/** What SET gives an attribute. */
export type Setting =
  | Exclude<Operand, { kind: 'size' }>
  | { readonly kind: 'sum'; readonly sign: '+' | '-'; readonly left: Setting; readonly right: Setting }
  | { readonly kind: 'ifNotExists'; readonly path: Path; readonly otherwise: Setting }
  | { readonly kind: 'listAppend'; readonly left: Setting; readonly right: Setting };

export type UpdateAction =
  | { readonly kind: 'set'; readonly path: Path; readonly to: Setting }
  | { readonly kind: 'remove'; readonly path: Path }
  | { readonly kind: 'add' | 'delete'; readonly path: Path; readonly value: string };

/** An expression and the placeholders it uses. */
export type Parsed<Tree> = {
  readonly tree: Tree;
  /** With their '#'. */
  readonly names: ReadonlySet<string>;
  /** With their ':'. */
  readonly values: ReadonlySet<string>;
  /** Paths that an operator compares with one another: they must differ once their names are known. */
  readonly compared: readonly { readonly operator: string; readonly first: Path; readonly other: Path }[];
};

/** What is wrong with an expression by itself. The message says it as DynamoDB does, without naming the expression. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
}

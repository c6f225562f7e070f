import { parseAst } from 'rolldown/parseAst';

/** What APPSYNC_JS knows, as node types of the syntax tree (AWS AppSync developer guide, "Supported runtime features"). */
const knownNodes = new Set([
  ...['Program', 'ImportDeclaration', 'ImportSpecifier', 'ExportNamedDeclaration', 'FunctionDeclaration'],
  ...['ArrowFunctionExpression', 'BlockStatement', 'VariableDeclaration', 'VariableDeclarator', 'ReturnStatement'],
  ...['ExpressionStatement', 'IfStatement', 'ForOfStatement', 'ForInStatement', 'SwitchStatement', 'SwitchCase'],
  ...['BreakStatement', 'Identifier', 'Literal', 'TemplateLiteral', 'TemplateElement', 'ObjectExpression', 'Property'],
  ...['ObjectPattern', 'ArrayPattern', 'ArrayExpression', 'SpreadElement', 'RestElement', 'MemberExpression'],
  ...['CallExpression', 'ChainExpression', 'ConditionalExpression', 'LogicalExpression', 'BinaryExpression'],
  ...['AssignmentExpression', 'UnaryExpression'],
]);
const unknownOperators = new Set(['~', '++', '--', 'in', 'instanceof', 'delete']);
const unknownGlobals = new Set(['Promise', 'setTimeout', 'Date', 'RegExp', 'process', 'globalThis', 'require', 'eval']);
const knownImports = new Set(['util', 'runtime']);

type Node = Readonly<Record<string, unknown>> & { readonly type: string };
const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

const childrenOf = (node: Node): Node[] =>
  Object.values(node).flatMap((value) => (Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : []));

const nameOf = (value: unknown): string => (isNode(value) && typeof value.name === 'string' ? value.name : '');

const arrayMethods = new Set(['map', 'filter', 'flatMap', 'find', 'findIndex', 'some', 'every', 'forEach', 'reduce']);

/** Faults of one node, given the names of the functions it stands in and of all functions of the file. */
const faultsAt = (node: Node, inside: readonly string[], functions: ReadonlySet<string>): string[] => {
  const faults: string[] = [];
  if (!knownNodes.has(node.type)) faults.push(node.type);
  if (node.async === true || node.generator === true) faults.push('async or generator');
  if (typeof node.operator === 'string' && unknownOperators.has(node.operator))
    faults.push(`operator ${node.operator}`);
  if (node.type === 'Literal' && node.regex) faults.push('regular expression');
  if (node.type === 'Identifier' && unknownGlobals.has(nameOf(node))) faults.push(nameOf(node));
  if (node.type === 'ImportDeclaration' && (!isNode(node.source) || node.source.value !== '@aws-appsync/utils'))
    faults.push('import');
  if (node.type === 'ImportSpecifier' && !knownImports.has(nameOf(node.imported))) faults.push('import');
  if (node.type === 'CallExpression') {
    if (inside.includes(nameOf(node.callee))) faults.push('recursion');
    const method = isNode(node.callee) && node.callee.type === 'MemberExpression' ? nameOf(node.callee.property) : '';
    for (const argument of Array.isArray(node.arguments) ? node.arguments : []) {
      const isArrow = isNode(argument) && argument.type === 'ArrowFunctionExpression';
      if (functions.has(nameOf(argument)) || (isArrow && !arrayMethods.has(method)))
        faults.push('a function as argument');
    }
  }
  return faults;
};

const walk = (node: Node, inside: readonly string[], functions: ReadonlySet<string>): string[] => {
  const name =
    node.type === 'FunctionDeclaration' ? nameOf(node.id) : node.type === 'VariableDeclarator' ? nameOf(node.id) : '';
  const within = name === '' ? inside : [...inside, name];
  return [...faultsAt(node, inside, functions), ...childrenOf(node).flatMap((child) => walk(child, within, functions))];
};

/** What in a file AppSync would refuse; empty for code it takes. */
export const appsyncFaults = (source: string): string[] => {
  const program: unknown = parseAst(source);
  if (!isNode(program)) throw new Error('The parser gave no syntax tree');
  const declared = childrenOf(program)
    .flatMap((node) => (node.type === 'ExportNamedDeclaration' ? childrenOf(node) : [node]))
    .filter((node) => node.type === 'FunctionDeclaration');
  return walk(program, [], new Set(declared.map((node) => nameOf(node.id))));
};

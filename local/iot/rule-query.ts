/**
 * The part of AWS IoT SQL the topic rules here use: SELECT with *, encode(*, 'base64'), topic(), topic(n), clientid(),
 * timestamp(), newuuid() and attributes of a JSON payload, each with AS, FROM one topic filter. Anything else is an error
 * at start, because a rule that is half understood would select the wrong thing.
 */
export type RuleMessage = {
  readonly topic: string;
  readonly payload: Buffer;
  readonly clientId: string | undefined;
  /** ms since the epoch. */
  readonly at: number;
  readonly newUuid: () => string;
};
export type RuleQuery = {
  readonly filter: string;
  /** The selected object. Throws when the payload is not the JSON the rule asks for. */
  readonly select: (message: RuleMessage) => Record<string, unknown>;
};

type Expression = (message: RuleMessage) => unknown;

const unsupported = (sql: string, part: string): Error =>
  new Error(`IoT SQL '${part}' is not supported by the local runtime (in: ${sql})`);

/** Parses one rule. Throws on what it does not support. */
export const parseRule = (sql: string): RuleQuery => {
  const match = /^\s*SELECT\s+(.+?)\s+FROM\s+'([^']+)'\s*$/is.exec(sql);
  const [, columns = '', filter = ''] = match ?? [];
  if (match === null) throw unsupported(sql, sql);
  const parts = splitColumns(columns).map((column) => {
    const [, source = column, alias] = /^(.*?)\s+AS\s+(\w+)$/is.exec(column) ?? [];
    return { expression: expressionOf(source.trim(), sql), source: source.trim(), alias };
  });
  return {
    filter,
    select: (message) =>
      Object.assign(
        {},
        ...parts.map(({ expression, source, alias }) => {
          const value = expression(message);
          if (source === '*' && alias === undefined) return value;
          return { [alias ?? source.replace(/\(.*$/s, '')]: value };
        }),
      ),
  };
};

const splitColumns = (columns: string): string[] => {
  let depth = 0;
  const parts = [''];
  for (const character of columns) {
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (character === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts.map((part) => part.trim());
};

const expressionOf = (source: string, sql: string): Expression => {
  if (source === '*') return ({ payload }) => JSON.parse(payload.toString());
  if (/^encode\(\s*\*\s*,\s*'base64'\s*\)$/i.test(source)) return ({ payload }) => payload.toString('base64');
  if (/^clientid\(\s*\)$/i.test(source)) return ({ clientId }) => clientId ?? 'N/A';
  if (/^timestamp\(\s*\)$/i.test(source)) return ({ at }) => at;
  if (/^newuuid\(\s*\)$/i.test(source)) return ({ newUuid }) => newUuid();
  if (/^topic\(\s*\)$/i.test(source)) return ({ topic }) => topic;
  const level = /^topic\(\s*(\d+)\s*\)$/i.exec(source)?.[1];
  if (level !== undefined) return ({ topic }) => topic.split('/')[Number(level) - 1];
  if (/^[A-Za-z_]\w*(\.\w+)*$/.test(source))
    return ({ payload }) =>
      source
        .split('.')
        .reduce<unknown>(
          (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
          JSON.parse(payload.toString()),
        );
  throw unsupported(sql, source);
};

/** `${timestamp()}` and the like inside an action's S3 key or topic. */
export const substitute = (template: string, message: RuleMessage): string =>
  template.replaceAll(/\$\{([^}]+)\}/g, (_whole, source: string) =>
    String(expressionOf(source.trim(), template)(message)),
  );

/** Whether a topic matches a filter with + and #. A leading wildcard does not match topics that start with $. */
export const topicMatches = (filter: string, topic: string): boolean => {
  const wanted = filter.split('/');
  const levels = topic.split('/');
  if (topic.startsWith('$') && (wanted[0] === '#' || wanted[0] === '+')) return false;
  for (const [index, level] of wanted.entries()) {
    if (level === '#') return true;
    if (levels[index] === undefined || (level !== '+' && level !== levels[index])) return false;
  }
  return wanted.length === levels.length;
};

import {
  type Account,
  type Json,
  type JsonObject,
  type Physical,
  type Template,
  UnresolvableTemplate,
} from './template.ts';

export type Resolver = {
  /** The value with every intrinsic function replaced. Throws UnresolvableTemplate. */
  readonly resolve: (value: Json) => Json;
  /** Whether the named condition holds. */
  readonly holds: (condition: string) => boolean;
  readonly outputs: () => Record<string, Json>;
};

const noValue = Symbol('AWS::NoValue');

type Resolved = Json | typeof noValue;

const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * A resolver over one template. `physicalOf` answers for the resources of the template by logical id;
 * undefined means that no such resource runs.
 */
export const resolverOf = (
  template: Template,
  account: Account,
  physicalOf: (logicalId: string) => Physical | undefined,
): Resolver => {
  const pseudo: Readonly<Record<string, Resolved>> = {
    'AWS::Region': account.region,
    'AWS::AccountId': account.accountId,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackName': account.stackName,
    'AWS::StackId': `arn:aws:cloudformation:${account.region}:${account.accountId}:stack/${account.stackName}/local`,
    'AWS::NotificationARNs': [],
    'AWS::NoValue': noValue,
  };

  const refer = (name: string): Resolved => {
    const fixed = pseudo[name];
    if (fixed !== undefined) return fixed;
    const parameter = template.Parameters?.[name];
    if (parameter !== undefined) {
      if (parameter.Default === undefined) throw new UnresolvableTemplate(`Parameter ${name} has no default`);
      return parameter.Default;
    }
    const physical = physicalOf(name);
    if (physical === undefined) throw new UnresolvableTemplate(`Ref to unknown resource ${name}`);
    return physical.ref;
  };

  const attribute = (logicalId: string, name: string): string => {
    const value = physicalOf(logicalId)?.attributes[name];
    if (value === undefined)
      throw new UnresolvableTemplate(
        `Fn::GetAtt ${logicalId}.${name} (${template.Resources[logicalId]?.Type ?? 'unknown resource'}) is not emulated locally`,
      );
    return value;
  };

  const text = (value: Json): string => {
    const resolved = resolve(value);
    if (typeof resolved === 'string') return resolved;
    if (typeof resolved === 'number' || typeof resolved === 'boolean') return String(resolved);
    throw new UnresolvableTemplate(`Expected text, got ${JSON.stringify(resolved)} from ${JSON.stringify(value)}`);
  };

  const list = (value: Json): readonly Json[] => {
    const resolved = resolve(value);
    if (Array.isArray(resolved)) return resolved;
    throw new UnresolvableTemplate(`Expected a list, got ${JSON.stringify(resolved)} from ${JSON.stringify(value)}`);
  };

  const substitute = (argument: Json): string => {
    const [pattern, variables] = Array.isArray(argument) ? [text(argument[0]), argument[1] ?? {}] : [argument, {}];
    if (typeof pattern !== 'string' || !isObject(variables))
      throw new UnresolvableTemplate(`Fn::Sub of ${JSON.stringify(argument)}`);
    return pattern.replaceAll(/\$\{(!?)([^}]+)\}/g, (_whole, literal: string, name: string) => {
      if (literal === '!') return `\${${name}}`;
      const variable = variables[name];
      if (variable !== undefined) return text(variable);
      const dot = name.indexOf('.');
      if (dot > 0) return attribute(name.slice(0, dot), name.slice(dot + 1));
      const referred = refer(name);
      return referred === noValue ? '' : text(referred);
    });
  };

  const truth = (value: Json): boolean => {
    if (isObject(value) && typeof value.Condition === 'string') return holds(value.Condition);
    const resolved = resolve(value);
    return resolved === true || resolved === 'true';
  };

  const holds = (condition: string): boolean => {
    const definition = template.Conditions?.[condition];
    if (definition === undefined) throw new UnresolvableTemplate(`Unknown condition ${condition}`);
    return truth(definition);
  };

  const imported = (name: string): Json => {
    for (const output of Object.values(template.Outputs ?? {}))
      if (output.Export !== undefined && text(output.Export.Name) === name) return resolve(output.Value);
    throw new UnresolvableTemplate(`Fn::ImportValue of ${name}: no stack exports it`);
  };

  const functions: Readonly<Record<string, (argument: Json) => Resolved>> = {
    Ref: (argument) => refer(text(argument)),
    'Fn::GetAtt': (argument) => {
      const [logicalId, ...path] = typeof argument === 'string' ? argument.split('.') : list(argument).map(text);
      return attribute(logicalId ?? '', path.join('.'));
    },
    'Fn::Join': (argument) => {
      const [separator, parts] = list(Array.isArray(argument) ? argument : [argument]);
      return list(parts ?? [])
        .map(text)
        .join(text(separator ?? ''));
    },
    'Fn::Sub': substitute,
    'Fn::Select': (argument) => {
      if (!Array.isArray(argument)) throw new UnresolvableTemplate(`Fn::Select of ${JSON.stringify(argument)}`);
      const chosen = list(argument[1])[Number(text(argument[0]))];
      if (chosen === undefined) throw new UnresolvableTemplate(`Fn::Select past the end: ${JSON.stringify(argument)}`);
      return chosen;
    },
    'Fn::Split': (argument) => {
      const [separator, source] = list(argument);
      return text(source ?? '').split(text(separator ?? ''));
    },
    'Fn::If': (argument) => {
      if (!Array.isArray(argument)) throw new UnresolvableTemplate(`Fn::If of ${JSON.stringify(argument)}`);
      return reduce(holds(text(argument[0])) ? argument[1] : argument[2]);
    },
    'Fn::Equals': (argument) => {
      const [left, right] = list(argument);
      return JSON.stringify(left) === JSON.stringify(right);
    },
    'Fn::Not': (argument) => Array.isArray(argument) && !truth(argument[0]),
    'Fn::And': (argument) => Array.isArray(argument) && argument.every(truth),
    'Fn::Or': (argument) => Array.isArray(argument) && argument.some(truth),
    'Fn::Base64': (argument) => Buffer.from(text(argument)).toString('base64'),
    'Fn::GetAZs': () => [`${account.region}a`, `${account.region}b`],
    'Fn::FindInMap': (argument) => {
      const [map, first, second] = list(argument).map(text);
      const value = template.Mappings?.[map ?? '']?.[first ?? '']?.[second ?? ''];
      if (value === undefined) throw new UnresolvableTemplate(`Fn::FindInMap ${JSON.stringify(argument)}`);
      return value;
    },
    'Fn::ImportValue': (argument) => imported(text(argument)),
  };

  const reduce = (value: Json): Resolved => {
    if (Array.isArray(value)) return value.map(reduce).filter((entry) => entry !== noValue);
    if (!isObject(value)) return value;
    const keys = Object.keys(value);
    const only = keys.length === 1 ? keys[0] : undefined;
    if (only !== undefined && (only === 'Ref' || only.startsWith('Fn::'))) {
      const apply = functions[only];
      if (apply === undefined) throw new UnresolvableTemplate(`${only} is not supported by the local runtime`);
      return apply(value[only] ?? null);
    }
    const entries = Object.entries(value).map(([key, entry]): [string, Resolved] => [key, reduce(entry)]);
    return Object.fromEntries(entries.filter((entry): entry is [string, Json] => entry[1] !== noValue));
  };

  const resolve = (value: Json): Json => {
    const resolved = reduce(value);
    return resolved === noValue ? null : resolved;
  };

  return {
    resolve,
    holds,
    outputs: () =>
      Object.fromEntries(Object.entries(template.Outputs ?? {}).map(([name, output]) => [name, resolve(output.Value)])),
  };
};

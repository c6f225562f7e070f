import { toAttributeValue, toMapValues } from '../dynamodb/to-attribute-value.ts';
import type { LocalSystem } from '../local-system.ts';

/** What `util.error` throws: AppSync's error type stands beside the message in the answer. */
export class ResolverError extends Error {
  override readonly name = 'ResolverError';
  readonly errorType: string | null;
  readonly data: unknown;
  readonly errorInfo: unknown;

  constructor(message: string, errorType: string | null = null, data: unknown = null, errorInfo: unknown = null) {
    super(message);
    this.errorType = errorType;
    this.data = data;
    this.errorInfo = errorInfo;
  }
}

/** What `runtime.earlyReturn` throws to leave the handler. */
export class EarlyReturn extends Error {
  override readonly name = 'EarlyReturn';
  readonly value: unknown;

  constructor(value: unknown) {
    super('earlyReturn');
    this.value = value;
  }
}

/** Reading a member that is not emulated is an error that names it, instead of an undefined that fails somewhere else. */
const complete = <Members extends object>(path: string, members: Members): Members =>
  new Proxy(members, {
    get: (target, name) => {
      if (typeof name === 'symbol' || name in target) return Reflect.get(target, name);
      throw new Error(`${path}.${name} is not emulated by the local runtime (local/appsync/appsync-module.ts)`);
    },
  });

const setOf = (type: 'SS' | 'NS') => (values: readonly unknown[]) => ({ [type]: values.map(String) });

/** The stand-in for `@aws-appsync/utils`; `append` collects errors that do not stop the resolver. */
export const appsyncModule = (append: (error: ResolverError) => void, { clock: now, uuid }: LocalSystem) => {
  const util = complete('util', {
    error: (message: string, errorType?: string, data?: unknown, errorInfo?: unknown): never => {
      throw new ResolverError(message, errorType, data, errorInfo);
    },
    appendError: (message: string, errorType?: string, data?: unknown, errorInfo?: unknown): void =>
      append(new ResolverError(message, errorType, data, errorInfo)),
    unauthorized: (): never => {
      throw new ResolverError('Not Authorized to access this field', 'Unauthorized');
    },
    autoId: uuid,
    base64Encode: (text: string): string => Buffer.from(text).toString('base64'),
    base64Decode: (text: string): string => Buffer.from(text, 'base64').toString(),
    urlEncode: (text: string): string => encodeURIComponent(text).replaceAll('%20', '+'),
    urlDecode: (text: string): string => decodeURIComponent(text.replaceAll('+', ' ')),
    matches: (pattern: string, text: string): boolean => new RegExp(pattern).test(text),
    dynamodb: complete('util.dynamodb', {
      toDynamoDB: toAttributeValue,
      toMapValues,
      toString: (value: string) => ({ S: value }),
      toNumber: (value: number) => ({ N: String(value) }),
      toBoolean: (value: boolean) => ({ BOOL: value }),
      toNull: () => ({ NULL: true }),
      toList: (values: readonly unknown[]) => ({ L: values.map(toAttributeValue) }),
      toMap: (values: object) => ({ M: toMapValues(values) }),
      toStringSet: setOf('SS'),
      toNumberSet: setOf('NS'),
    }),
    time: complete('util.time', {
      nowISO8601: () => new Date(now()).toISOString(),
      nowEpochSeconds: () => Math.floor(now() / 1_000),
      nowEpochMilliSeconds: now,
      parseISO8601ToEpochMilliSeconds: (text: string) => {
        const at = Date.parse(text);
        if (Number.isNaN(at)) throw new ResolverError(`Unable to parse '${text}' as ISO 8601`);
        return at;
      },
      epochMilliSecondsToISO8601: (ms: number) => new Date(ms).toISOString(),
      epochMilliSecondsToSeconds: (ms: number) => Math.floor(ms / 1_000),
    }),
  });
  const runtime = complete('runtime', {
    earlyReturn: (value?: unknown): never => {
      throw new EarlyReturn(value ?? null);
    },
  });
  return { util, runtime };
};

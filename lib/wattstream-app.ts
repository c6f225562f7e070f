import { join } from 'node:path';
import { App, type Stack } from 'aws-cdk-lib';
import { IAM_MINIMIZE_POLICIES } from 'aws-cdk-lib/cx-api';
import type { Access } from './access.ts';
import { type Bundle, bundle } from './constructs/bundle.ts';
import type { Domain } from './gateways/front-door.ts';
import { outputs } from './outputs.ts';
import { type Stage, type Sweep, stageName, stages, type WindowStoreKind, windowStoreKind } from './stages.ts';
import { wattstreamStack } from './wattstream-stack.ts';

export type WattstreamAppProps = {
  readonly app: App;
  /** Default: what the context says, or else the stage. */
  readonly windowStore?: WindowStoreKind;
  /** Now, ms since the epoch. */
  readonly now: number;
  /** How the Lambdas become deployable. Default: esbuild, below `outdir`. */
  readonly bundleLambdas?: (outdir: string) => Bundle;
};

export type CdkAppProps = {
  /** Folder of the cloud assembly. Default: what the CDK command line says, or a temporary one. */
  readonly outdir?: string;
  /** Context on top of what the CDK command line passes. */
  readonly context?: Readonly<Record<string, string>>;
};

/** What `-c` takes, and the values of each. */
const contextKeys = {
  stage: 'dev or prod',
  windowStore: 'timestream or dynamodb',
  openAdr: 'on or off',
  signalFanOut: 'on or off',
  domain: 'the host name chargers connect to, with certificateArn',
  certificateArn: 'its certificate, in us-east-1',
  mqttDomain: 'the host name for MQTT, with mqttCertificateArn',
  mqttCertificateArn: 'its certificate, in the region of the stack',
  tokenIssuer: 'whose tokens are taken, in place of the issuer of the stage',
  userPoolId: 'the same, of Cognito',
  tokenClient: 'for which client, with one of these two',
  meterIntervalSeconds: 'how often chargers send meter values, where not as the stage says',
  sweepSegments: 'how many functions share the work of every minute',
  leaveOut: 'for a rehearsal: what its place does not know',
} as const;

type ContextKey = keyof typeof contextKeys;

/** What the CDK puts there itself, and what it keeps for people, has a sign in its key: aws:cdk:..., cli-telemetry. */
const isSomebodyElses = (key: string): boolean => /[^A-Za-z]/.test(key);

/**
 * An empty app that knows its context. Throws for a key it does not know: misspelt, it would be left out in silence, and the
 * stack deployed without it.
 */
export const cdkApp = ({ outdir, context }: CdkAppProps = {}): App => {
  const app = new App({
    ...(outdir !== undefined && { outdir }),
    context: { [IAM_MINIMIZE_POLICIES]: true, ...context },
    analyticsReporting: false,
  });
  const unknown = Object.keys(app.node.getAllContext()).find(
    (key) => !Object.hasOwn(contextKeys, key) && !isSomebodyElses(key),
  );
  if (unknown === undefined) return app;
  const known = Object.entries(contextKeys).map(([key, means]) => `  ${key}: ${means}`);
  throw new Error([`Unknown context '${unknown}'. -c takes`, ...known].join('\n'));
};

/** The app with the one stack of its stage, ready to synthesize. `contextKeys` says what may be told. */
export const wattstreamApp = ({
  app,
  windowStore,
  now,
  bundleLambdas = bundle,
}: WattstreamAppProps): { app: App; stack: Stack } => {
  const name = stageName(contextText(app, 'stage') ?? 'dev');
  const told = contextText(app, 'windowStore');
  const domain = domainOf(app, 'domain', 'certificateArn');
  const mqttDomain = domainOf(app, 'mqttDomain', 'mqttCertificateArn');
  const stack = wattstreamStack(app, {
    name,
    stage: {
      ...stages[name],
      access: accessOf(app, stages[name].access),
      openAdr: isOn(app, 'openAdr') ?? stages[name].openAdr,
      ...signalFanOutOf(app, stages[name]),
      windowStore: windowStore ?? (told === undefined ? stages[name].windowStore : windowStoreKind(told)),
      meterIntervalSeconds: meterIntervalOf(app) ?? stages[name].meterIntervalSeconds,
      sweep: sweepOf(app) ?? stages[name].sweep,
    },
    bundle: bundleLambdas(join(app.outdir, 'bundle')),
    keyExpiresAt: apiKeyExpiry(now),
    ...(domain && { domain }),
    ...(mqttDomain && { mqttDomain }),
  });
  const given = contextOf(app);
  if (Object.keys(given).length > 0)
    outputs(stack, {
      Context: [JSON.stringify(given), 'What was told with -c, which the next deployment has to be told again'],
    });
  return { app, stack };
};

/** The context that says how this deployment differs from its stage. */
const contextOf = (app: App): Readonly<Record<string, string>> => {
  const { stage: _, leaveOut: __, ...others } = contextKeys;
  return Object.fromEntries(
    Object.keys(others).flatMap((key) => {
      const value: unknown = app.node.tryGetContext(key);
      return typeof value === 'string' ? [[key, value] as const] : [];
    }),
  );
};

/**
 * End of the API key's life, seconds since the epoch: about a year, counted from the first of the month so that two
 * deployments of one month have the same template.
 */
export const apiKeyExpiry = (now: number): number => {
  const today = new Date(now);
  const monthStart = Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), 1);
  return monthStart / 1_000 + 360 * 86_400;
};

/** A context value that has to be text. An empty one, of a variable that is not set, would count as one that was left out. */
export const contextText = (app: App, key: ContextKey): string | undefined => {
  const value: unknown = app.node.tryGetContext(key);
  if (value === '') throw new Error(`-c ${key}= is empty: give it a value, or leave it out`);
  if (value === undefined || typeof value === 'string') return value;
  throw new Error(`Context '${key}' must be text, not ${JSON.stringify(value)}`);
};

const LONGEST_METER_INTERVAL_SEC = 900;

const meterIntervalOf = (app: App): number | undefined => {
  const text = contextText(app, 'meterIntervalSeconds');
  if (text === undefined) return undefined;
  const seconds = /^\d+$/.test(text) ? Number(text) : 0;
  if (seconds >= 1 && seconds <= LONGEST_METER_INTERVAL_SEC) return seconds;
  throw new Error(`-c meterIntervalSeconds=${text} must be a whole number from 1 to ${LONGEST_METER_INTERVAL_SEC}`);
};

const MOST_SEGMENTS = 256;

/** 1,769 MiB come with a processor of their own: a segment is bound by what it computes. */
const sweepOf = (app: App): Sweep | undefined => {
  const text = contextText(app, 'sweepSegments');
  if (text === undefined) return undefined;
  const segments = /^\d+$/.test(text) ? Number(text) : 0;
  if (segments >= 1 && segments <= MOST_SEGMENTS) return { segments, isDivided: true, segmentMemoryMiB: 1_769 };
  throw new Error(`-c sweepSegments=${text} must be a whole number from 1 to ${MOST_SEGMENTS}`);
};

const isOn = (app: App, key: 'openAdr' | 'signalFanOut'): boolean | undefined => {
  const text = contextText(app, key);
  if (text === undefined || text === 'on' || text === 'off') return text === undefined ? undefined : text === 'on';
  throw new Error(`-c ${key}=${text}: on or off`);
};

/** Pushed signals need a stream of their own, which a small stage does not have. */
const signalFanOutOf = (app: App, { signalShards }: Stage): Partial<Stage> => {
  const signalFanOut = isOn(app, 'signalFanOut');
  if (signalFanOut === undefined) return {};
  return signalFanOut ? { signalFanOut, signalShards: Math.max(1, signalShards) } : { signalFanOut };
};

const accessOf = (app: App, access: Access): Access => {
  const issuer = contextText(app, 'tokenIssuer');
  const userPoolId = contextText(app, 'userPoolId');
  const clientId = contextText(app, 'tokenClient');
  const client = clientId === undefined ? {} : { clientId };
  if (issuer !== undefined && userPoolId !== undefined)
    throw new Error('Tokens come from one issuer: give -c tokenIssuer=URL or -c userPoolId=ID, not both');
  if (issuer !== undefined) return { ...access, tokens: { kind: 'oidc', issuer, ...client } };
  if (userPoolId !== undefined) return { ...access, tokens: { kind: 'cognito', userPoolId, ...client } };
  if (clientId !== undefined)
    throw new Error('-c tokenClient=ID says whose tokens only with tokenIssuer or userPoolId');
  return access;
};

/** A host name with its certificate, by the context keys that hold them. */
const domainOf = (app: App, nameKey: ContextKey, certificateKey: ContextKey): Domain | undefined => {
  const name = contextText(app, nameKey);
  const certificateArn = contextText(app, certificateKey);
  if (name === undefined && certificateArn === undefined) return undefined;
  if (name === undefined || certificateArn === undefined)
    throw new Error(`A domain needs both: -c ${nameKey}=ocpp.example.com -c ${certificateKey}=arn:aws:acm:...`);
  return { name, certificateArn };
};

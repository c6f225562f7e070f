import { conditionKey } from '../../../domain/alerts/alert-id.ts';
import { evaluateConnectorChange, evaluateStationChange } from '../../../domain/alerts/evaluate-change.ts';
import type { Evaluation } from '../../../domain/alerts/evaluation.ts';
import { afterEvaluation } from '../../../domain/alerts/lifecycle.ts';
import type { NetworkSnapshot } from '../../../domain/alerts/network-snapshot.ts';
import { revisionsFor, revisionsForTheRest } from '../../../domain/alerts/revision.ts';
import type { SiteSnapshot } from '../../../domain/alerts/site-snapshot.ts';
import type { StationSnapshot } from '../../../domain/alerts/station-snapshot.ts';
import {
  evaluateConnector,
  evaluateNetwork,
  evaluateSite,
  evaluateStation,
  type SweepEvaluation,
} from '../../../domain/alerts/sweep-evaluation.ts';
import { type ThresholdOverrides, thresholdsFor } from '../../../domain/alerts/thresholds.ts';
import type { Connector } from '../../../domain/connector/connector.ts';
import type { MemoryAlertTable } from '../../fakes/alert-table.ts';
import { minute } from './fixtures.ts';

/** What one subject looks like from a minute on. `rev` is set by the story: the third state has the third revision. */
export type Chapter =
  | {
      readonly kind: 'connector';
      readonly snapshot: Connector;
      readonly stationHeardAt?: number;
      readonly stationConnected?: boolean;
    }
  | { readonly kind: 'station'; readonly snapshot: StationSnapshot }
  | { readonly kind: 'site'; readonly snapshot: SiteSnapshot }
  | { readonly kind: 'network'; readonly snapshot: NetworkSnapshot };
export type Story = readonly (readonly [atMinute: number, chapter: Chapter])[];

const withRev = (chapter: Chapter, rev: number): Chapter => {
  if (chapter.kind === 'connector') return { ...chapter, snapshot: { ...chapter.snapshot, rev } };
  if (chapter.kind !== 'station' || !chapter.snapshot.state) return chapter;
  return { ...chapter, snapshot: { ...chapter.snapshot, state: { ...chapter.snapshot.state, rev } } };
};

/** The chapters as the items' successive images. */
export const imagesOf = (story: Story): Story =>
  story.map(([at, chapter], index) => [at, withRev(chapter, index + 1)] as const);

const evaluationsOf = (
  before: Chapter | undefined,
  after: Chapter,
  atMinute: number,
  overrides: ThresholdOverrides,
) => {
  const now = minute(atMinute);
  const context = { now, thresholds: thresholdsFor('site-1', overrides), station: { heardAt: now, connected: true } };
  if (after.kind === 'connector') {
    const earlier = before?.kind === 'connector' ? before.snapshot : undefined;
    return evaluateConnectorChange({ before: earlier, after: after.snapshot, changes: after.snapshot.outbox }, context);
  }
  if (after.kind !== 'station') return [];
  const earlier = before?.kind === 'station' ? before.snapshot : undefined;
  return evaluateStationChange(
    { before: earlier, after: after.snapshot, changes: after.snapshot.state?.outbox ?? [] },
    context,
  );
};

const take = (table: MemoryAlertTable, evaluation: Evaluation) =>
  table.revise({
    condition: conditionKey(evaluation.rule.name, evaluation.subject),
    known: undefined,
    revise: (latest) => afterEvaluation(latest, evaluation),
  });

/** Delivers the change record that made image `index`. */
export const deliver = async (
  table: MemoryAlertTable,
  images: Story,
  index: number,
  overrides: ThresholdOverrides,
): Promise<void> => {
  const image = images[index];
  if (!image) return;
  for (const evaluation of evaluationsOf(images[index - 1]?.[1], image[1], image[0], overrides))
    await take(table, evaluation);
};

const contactOf = ({ stationHeardAt, stationConnected }: Chapter & { kind: 'connector' }, now: number) =>
  stationHeardAt === undefined
    ? { heardAt: now, connected: true }
    : { heardAt: stationHeardAt, connected: stationConnected ?? false };

const ask = (chapter: Chapter, now: number, overrides: ThresholdOverrides): readonly SweepEvaluation[] => {
  switch (chapter.kind) {
    case 'connector':
      return evaluateConnector(chapter.snapshot, contactOf(chapter, now), now, overrides);
    case 'station':
      return evaluateStation(chapter.snapshot, now, overrides);
    case 'site':
      return evaluateSite(chapter.snapshot, now, overrides);
    case 'network':
      return evaluateNetwork(chapter.snapshot, now, overrides);
  }
};

/** One minute sweep over the story's only subject. */
export const sweepOnce = async (
  table: MemoryAlertTable,
  chapter: Chapter,
  now: number,
  overrides: ThresholdOverrides,
): Promise<void> => {
  const watched = new Map((await table.watched()).map((alert) => [alert.condition, alert]));
  const asked = ask(chapter, now, overrides);
  const conditions = new Set(asked.map(({ evaluation }) => conditionKey(evaluation.rule.name, evaluation.subject)));
  const revisions = [...revisionsFor(asked, watched), ...revisionsForTheRest(conditions, watched, now, overrides)];
  for (const revision of revisions) await table.revise(revision);
};

/** How the story is told to the rules: what the infrastructure may do to it without changing its sense. */
export type Telling = {
  /** Deliveries at this image: indexes of images whose change records come, in order. Default: the image itself, once. */
  readonly deliveries?: (index: number) => readonly number[];
  /** How often the sweep of this minute runs. Default: once. */
  readonly sweeps?: (atMinute: number) => number;
};

/** Tells a story until `untilMinute`: change records as they come, a sweep every minute. */
export const tell = async (
  table: MemoryAlertTable,
  story: Story,
  untilMinute: number,
  overrides: ThresholdOverrides,
  { deliveries = (index) => [index], sweeps = () => 1 }: Telling = {},
): Promise<void> => {
  const images = imagesOf(story);
  const from = images[0]?.[0] ?? 0;
  let current = 0;
  for (let at = from; at <= untilMinute; at += 1) {
    for (const [index, [begins]] of images.entries()) {
      if (begins < at || begins >= at + 1) continue;
      current = index;
      for (const delivered of deliveries(index)) await deliver(table, images, delivered, overrides);
    }
    const chapter = images[current]?.[1];
    for (let run = 0; chapter && run < sweeps(at); run += 1) await sweepOnce(table, chapter, minute(at), overrides);
  }
};

import { conditionKey } from '../../../domain/alerts/alert-id.ts';
import { type Asked, askConnector, askNetwork, askSite, askStation } from '../../../domain/alerts/judge-fleet.ts';
import { judgeConnectorStep, judgeStationStep } from '../../../domain/alerts/judge-step.ts';
import type { Judgement } from '../../../domain/alerts/judgement.ts';
import { judged } from '../../../domain/alerts/lifecycle.ts';
import { revisionsFor, revisionsForTheRest } from '../../../domain/alerts/sweep.ts';
import { type ThresholdOverrides, thresholdsFor } from '../../../domain/alerts/thresholds.ts';
import type { NetworkView, SiteView, StationView } from '../../../domain/alerts/views.ts';
import type { Connector } from '../../../domain/connector/connector.ts';
import type { MemoryAlertTable } from '../../fakes/alert-table.ts';
import { minute } from './fixtures.ts';

/** What one subject looks like from a minute on. `rev` is set by the story: the third state has the third revision. */
export type Chapter =
  | { readonly kind: 'connector'; readonly view: Connector; readonly stationHeardAt?: number }
  | { readonly kind: 'station'; readonly view: StationView }
  | { readonly kind: 'site'; readonly view: SiteView }
  | { readonly kind: 'network'; readonly view: NetworkView };
export type Story = readonly (readonly [atMinute: number, chapter: Chapter])[];

const withRev = (chapter: Chapter, rev: number): Chapter => {
  if (chapter.kind === 'connector') return { ...chapter, view: { ...chapter.view, rev } };
  if (chapter.kind !== 'station' || !chapter.view.state) return chapter;
  return { ...chapter, view: { ...chapter.view, state: { ...chapter.view.state, rev } } };
};

/** The chapters as the items' successive images. */
export const imagesOf = (story: Story): Story =>
  story.map(([at, chapter], index) => [at, withRev(chapter, index + 1)] as const);

const judgementsOf = (before: Chapter | undefined, after: Chapter, atMinute: number, overrides: ThresholdOverrides) => {
  const now = minute(atMinute);
  const moment = { now, thresholds: thresholdsFor('site-1', overrides), stationHeardAt: now };
  if (after.kind === 'connector') {
    const earlier = before?.kind === 'connector' ? before.view : undefined;
    return judgeConnectorStep({ before: earlier, after: after.view, changes: after.view.outbox }, moment);
  }
  if (after.kind !== 'station') return [];
  const earlier = before?.kind === 'station' ? before.view : undefined;
  return judgeStationStep({ before: earlier, after: after.view, changes: after.view.state?.outbox ?? [] }, moment);
};

const take = (table: MemoryAlertTable, judgement: Judgement) =>
  table.revise({
    condition: conditionKey(judgement.rule.name, judgement.subject),
    known: undefined,
    revise: (latest) => judged(latest, judgement),
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
  for (const judgement of judgementsOf(images[index - 1]?.[1], image[1], image[0], overrides))
    await take(table, judgement);
};

const ask = (chapter: Chapter, now: number, overrides: ThresholdOverrides): readonly Asked[] => {
  switch (chapter.kind) {
    case 'connector':
      return askConnector(chapter.view, chapter.stationHeardAt ?? now, now, overrides);
    case 'station':
      return askStation(chapter.view, now, overrides);
    case 'site':
      return askSite(chapter.view, now, overrides);
    case 'network':
      return askNetwork(chapter.view, now, overrides);
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
  const conditions = new Set(asked.map(({ judgement }) => conditionKey(judgement.rule.name, judgement.subject)));
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

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { eventTypes } from '../../domain/events/published-event.ts';
import { catalogue, eventsDocument } from '../../events/catalogue.ts';
import { rulesDocument } from '../../events/rules-document.ts';
import { detailFaults } from './schemas.ts';

const events = catalogue();

describe('the event catalogue', () => {
  it('holds exactly the events that are published', () => {
    expect(events.map(({ schema }) => schema.title).sort()).toEqual([...eventTypes].sort());
  });

  it('is what docs/events.md says', () => {
    const written = readFileSync(new URL('../../docs/events.md', import.meta.url), 'utf8');
    expect(written).toBe(eventsDocument(events));
  });
});

it('the alert rules are what docs/alerts.md says', () => {
  const written = readFileSync(new URL('../../docs/alerts.md', import.meta.url), 'utf8');
  expect(written).toBe(rulesDocument());
});

describe.each(events.map((event) => [event.schema.title, event] as const))('%s', (title, { example }) => {
  it('has an example of its own that its schema accepts', () => {
    const { detail } = example;
    const asSent = { version: Number(detail.version), id: String(detail.id), time: String(detail.time), ...detail };
    expect([example['detail-type'], detailFaults(title, asSent)]).toEqual([title, []]);
  });

  it.each(['version', 'id', 'time'])('is refused without %s', (name) => {
    const detail = Object.fromEntries(Object.entries(example.detail).filter(([key]) => key !== name));
    expect(detailFaults(title, detail as never)).not.toEqual([]);
  });
});

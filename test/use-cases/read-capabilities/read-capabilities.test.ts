import { describe, expect, it } from 'vitest';
import { defaultConfiguration } from '../../../domain/site/site-configuration.ts';
import { blankStation, type StationState } from '../../../domain/station/station-state.ts';
import { capabilityQuestions } from '../../../ocpp/capability-questions.ts';
import { commandsOf } from '../../../ocpp/commands-of.ts';
import { type OcppVersion, ocppVersions } from '../../../ocpp/frames/envelope.ts';
import { readFrame } from '../../../ocpp/frames/read-frame.ts';
import { requestErrors } from '../../../ocpp/request-errors.ts';
import { readCapabilities } from '../../../use-cases/read-capabilities/read-capabilities.ts';
import { registration } from '../../fakes/registration.ts';
import { givenStation } from '../send-command/given-station.ts';

const setUp = (
  ocpp: OcppVersion = '1.6',
  state: Partial<StationState> = {},
  site: { asksEveryStation?: boolean; controlled?: boolean } = { controlled: true },
) => {
  const given = givenStation(ocpp);
  const station = {
    registration: registration({ stationId: 'S1' }),
    connectivity: { ocpp },
    state: { ...blankStation('S1'), firmware: '1.0', ...state },
  };
  const read = readCapabilities({
    ...given.ports,
    stations: { find: async (stationId) => (stationId === 'S1' ? station : undefined) },
    digest: (text) => text,
    asksEveryStation: site.asksEveryStation === true,
    configurations: {
      find: async (siteId) =>
        site.controlled === undefined
          ? undefined
          : { ...defaultConfiguration, siteId, revision: 1, limitW: 100_000, controlled: site.controlled },
    },
  });
  const booted = (stationId = 'S1') =>
    read({ detail: { version: 1, id: 'boot1', time: '1970-01-01T00:01:00Z', stationId } });
  const queued = async () => {
    const { queue, outstanding } = await given.mailboxes.load('S1');
    return [outstanding, ...queue].flatMap((waiting) => (waiting ? [waiting.command] : []));
  };
  return { given, booted, queued };
};

describe('the questions about capabilities', () => {
  it.each(ocppVersions)('of OCPP %s are requests a station may be sent', (ocpp) => {
    for (const { action, payload } of capabilityQuestions(ocpp)) {
      expect(commandsOf(ocpp).has(action)).toBe(true);
      expect(requestErrors(ocpp, action, payload)).toEqual([]);
    }
  });
});

describe('a station that booted', () => {
  it.each(ocppVersions)('is asked for what it can do, by ourselves (OCPP %s)', async (ocpp) => {
    const { booted, queued, given } = setUp(ocpp);
    await booted();
    expect((await queued()).map(({ action, by, origin }) => [action, by, origin])).toEqual(
      capabilityQuestions(ocpp).map(({ action }) => [action, 'wattstream', 'internal']),
    );
    const [sent] = given.wire.sent;
    expect(sent && readFrame(sent.frame, ocpp)).toMatchObject({ action: capabilityQuestions(ocpp)[0]?.action });
  });

  it('is asked once, however often the event is delivered', async () => {
    const { booted, queued } = setUp();
    await booted();
    await booted();
    expect(await queued()).toHaveLength(1);
  });

  it.each([
    [
      'told it for this firmware',
      setUp('1.6', { capabilities: { firmware: '1.0', since: 0, toldAt: 1, told: {}, refused: [] } }),
    ],
    ['stands at a site that is not controlled', setUp('1.6', {}, { controlled: false })],
    ['stands at a site nobody configured', setUp('1.6', {}, {})],
  ])('is not asked where it %s', async (_, { booted, queued }) => {
    await booted();
    expect(await queued()).toEqual([]);
  });

  it('is asked wherever it stands, where the stage says so', async () => {
    const { booted, queued } = setUp('1.6', {}, { asksEveryStation: true });
    await booted();
    expect(await queued()).toHaveLength(1);
  });

  it('is asked again when what is known is about another firmware', async () => {
    const { booted, queued } = setUp('1.6', {
      capabilities: { firmware: '0.9', since: 0, toldAt: 1, told: {}, refused: [] },
    });
    await booted();
    expect(await queued()).toHaveLength(1);
  });

  it('is left alone when it is gone again, or not registered', async () => {
    const { booted, queued, given } = setUp();
    given.connect(undefined);
    await booted();
    await booted('nobody');
    expect([await queued(), given.warnings]).toEqual([[], ['capabilitiesNotAsked']]);
  });
});

import { describe, expect, it } from 'vitest';
import type { Reading } from '../../../domain/kernel/fact.ts';
import type { RegisteredConnector } from '../../../domain/registry/registration.ts';
import { conversation, iso, v16 } from '../../support/conversation.ts';
import { sample, started, stopped } from '../../support/facts.ts';
import { given } from '../../support/given.ts';
import { toldMinutes, toldWh } from '../../support/told-minutes.ts';

/** What one reading per minute shows live and leads to; the connector is a Type 2 of 22 kW. */
const metered = (readings: readonly Partial<Reading>[], stop: Partial<Parameters<typeof stopped>[1]> = {}) => {
  const samples = readings.map((reading, index) => sample(index + 1, reading));
  const live = given(started(0), ...samples).connector(1)?.session;
  return { live, ...given(started(0), ...samples, stopped(readings.length + 1, stop)) };
};

describe('power beyond the rating of the connector', () => {
  const minutes = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
  const readings = minutes.map((minute) => ({
    energyWh: 1000 + minute * 175,
    powerW: 10_500_000,
  }));

  it('is never shown, and never turns a right register into a thousandfold one', () => {
    const { live, ended, changes } = metered(readings, { meterStopWh: 2750 });
    expect(live).toMatchObject({ powerW: 10_500, energyWh: 1750, flags: ['meterSuspect'] });
    expect(ended).toMatchObject([{ energyWh: 1750, flags: ['meterSuspect'] }]);
    expect(toldWh(changes)).toBe(1750);
    const peaks = changes.flatMap((change) => (change.type === 'MinuteClosed' ? [change.minute.maxW ?? 0] : []));
    expect(Math.max(0, ...peaks)).toBeLessThanOrEqual(26_400);
  });

  it('is no energy either where there is no register, and leaves no stale power', () => {
    const { live } = metered([{ powerW: 7000 }, { powerW: 7_000_000 }]);
    expect(live?.energyWh).toBeLessThan(200);
    expect(live?.powerW).toBe(undefined);
  });

  it('is no energy of the power after it either', () => {
    const refused = minutes.map(() => ({ powerW: 7_000_000 }));
    expect(metered([...refused, { powerW: 6000 }]).live).toMatchObject({ powerW: 6000, energyWh: 100 });
  });

  it('is not derived from a register that jumps either', () => {
    const { live } = metered([{ energyWh: 1100 }, { energyWh: 2200 }]);
    expect(live?.powerW ?? 0).toBeLessThanOrEqual(26_400);
  });
});

describe('a register that counts in steps, read several times in one message', () => {
  it.each([
    ['tenths of a kWh each minute', 3700, 100, 1],
    ['tenths of a kWh each ten seconds', 22_000, 100, 1 / 6],
    ['kWh each minute', 22_000, 1000, 1],
  ])('is not suspected of its steps: %s', (_, ratedW, stepWh, everyMinutes) => {
    const station = conversation('1.6', {
      connectors: [{ evseId: 1, connectorId: 1, connectorType: 'Type2', ratedW }],
    });
    const zeroWh = 500_000;
    const register = (minute: number) => Math.floor((zeroWh + (ratedW * 0.9 * minute) / 60) / stepWh) * stepWh;
    const { transactionId } = station.say(0, 'StartTransaction', v16.start(0, zeroWh));
    const transactionData = Array.from({ length: 20 / everyMinutes }, (_value, index) => ({
      timestamp: iso((index + 1) * everyMinutes),
      sampledValue: [{ value: String(register((index + 1) * everyMinutes)), unit: 'Wh' }],
    }));
    station.say(20, 'StopTransaction', v16.stop(20, register(20), Number(transactionId), { transactionData }));
    expect(station.sessions).toMatchObject([{ energyWh: register(20) - zeroWh, flags: [] }]);
    expect(station.types).not.toContain('MeterSuspected');
  });
});

describe('a register that cannot be right', () => {
  it('is never read a thousandfold where the rating forbids it', () => {
    const { connector } = given(started(0), sample(30, { energyWh: 1025, powerW: 20_000 }));
    expect(connector(1)?.session).toMatchObject({ energyWh: 25, flags: [] });
  });

  it.each([
    ['power in the wrong unit within the rating cannot outweigh stop minus start', 1000, [1007, 1014, 1021], 1022, 22],
    ['readings above the stop', 1000, [1200, 1500], 1400, 400],
    ['readings that tell far less than the stop', 1000, [1010, 1020], 2200, 1200],
  ])('%s: stop minus start wins', (_, meterStartWh, registers, meterStopWh, energyWh) => {
    const samples = registers.map((wh, index) => sample(index + 1, { energyWh: wh, powerW: 21_000 }));
    const { ended, changes } = given(started(0, { meterStartWh }), ...samples, stopped(10, { meterStopWh }));
    expect(ended[0]?.energyWh).toBe(energyWh);
    expect(toldWh(changes)).toBeCloseTo(energyWh, 3);
    expect(toldMinutes(changes).every(({ energyWh: wh }) => wh >= 0)).toBe(true);
  });

  it.each([
    ['that falls', started(0), [1500, 1400], 1600],
    ['that is negative', started(0), [-5], 1100],
    ['that is negative where the start told none', { ...started(0), meterStartWh: 0 }, [-5], 100],
    ['whose stop is below its start', started(0), [], 600],
    ['whose stop is below its last reading', started(0), [1500], 1300],
  ])('%s is flagged', (_, start, registers, meterStopWh) => {
    const samples = registers.map((wh, index) => sample(index + 1, { energyWh: wh }));
    const { ended, types } = given(start, ...samples, stopped(10, { meterStopWh }));
    expect(ended[0]?.flags).toContain('meterSuspect');
    expect(types).toContain('MeterSuspected');
    expect(ended[0]?.energyWh).toBeGreaterThanOrEqual(0);
  });

  it('is flagged, too, where an earlier reading that arrives late contradicts the later ones', () => {
    const { connector } = given(started(0), sample(5, { energyWh: 1500 }), sample(3, { energyWh: 1900 }));
    expect(connector(1)?.session).toMatchObject({ energyWh: 500, flags: ['meterSuspect'] });
  });
});

describe('a register of a transaction message that no meter can show', () => {
  it.each([
    ['meterStart', -500, 1000],
    ['meterStop', 1000, -100],
    ['both', -500, -100],
    ['a register beyond any meter', 1000, 1e15],
  ])('flags the session and is told once: %s', (_, meterStart, meterStop) => {
    const station = conversation('1.6');
    const { transactionId } = station.say(0, 'StartTransaction', v16.start(0, meterStart));
    station.say(10, 'StopTransaction', v16.stop(10, meterStop, Number(transactionId)));
    expect(station.sessions).toMatchObject([{ energyWh: 0, flags: ['meterSuspect'] }]);
    expect(station.types.filter((type) => type === 'MeterSuspected')).toHaveLength(1);
  });

  it('flags the session, too, where its start comes after its stop', () => {
    const station = conversation('1.6');
    station.say(0, 'StatusNotification', v16.status(0, 'Charging'));
    const start = v16.start(0, -500);
    const { transactionId } = conversation('1.6').say(0, 'StartTransaction', start);
    station.say(10, 'StopTransaction', v16.stop(10, 1000, Number(transactionId)));
    station.say(11, 'StartTransaction', start);
    expect(station.sessions).toMatchObject([{ energyWh: 0, flags: expect.arrayContaining(['meterSuspect']) }]);
  });
});

describe('imported power a little below 0', () => {
  it('ends the power before it, which does not flow on until the next reading', () => {
    const station = conversation('1.6');
    const { transactionId } = station.say(0, 'StartTransaction', v16.start(0, 1000));
    const told = (minute: number, value: string) => {
      const sampledValue = [{ value, measurand: 'Power.Active.Import', unit: 'W' }];
      station.say(minute, 'MeterValues', {
        connectorId: 1,
        transactionId,
        meterValue: [{ timestamp: iso(minute), sampledValue }],
      });
    };
    told(1, '6000');
    told(2, '-4');
    expect(station.connector(1)?.session).toMatchObject({ powerW: 0, energyWh: 150 });
    told(60, '0');
    expect(station.connector(1)?.session).toMatchObject({ powerW: 0, energyWh: 150 });
  });
});

describe('a state of charge of 0', () => {
  it('is ignored on alternating current and kept on direct current', () => {
    const reading = { energyWh: 1100, socPercent: 0 };
    expect(metered([reading]).live?.socPercent).toBe(undefined);
    const connectors: readonly RegisteredConnector[] = [
      { evseId: 1, connectorId: 1, connectorType: 'CCS', ratedW: 50_000 },
    ];
    const direct = given.at(connectors)(started(0), sample(1, reading)).connector(1)?.session;
    expect(direct?.socPercent).toBe(0);
    expect(metered([{ energyWh: 1100, socPercent: 35 }]).live?.socPercent).toBe(35);
  });
});

describe('currents without any voltage', () => {
  it('are power at nominal voltage, and the energy an estimate', () => {
    const { live } = metered([{ currentA: 16 }, { currentA: 16 }, { currentA: 16 }]);
    expect(live).toMatchObject({ powerW: 3680, flags: ['energyEstimated'] });
    expect(live?.energyWh).toBeCloseTo(184, 0);
  });

  it('say nothing beside a register', () => {
    expect(metered([{ currentA: 16, energyWh: 1050 }]).live).toMatchObject({ powerW: 3000, flags: [] });
  });
});

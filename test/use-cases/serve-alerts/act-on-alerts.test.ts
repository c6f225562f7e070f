import { describe, expect, it } from 'vitest';
import { raised } from '../../../domain/alerts/alert-transitions.ts';
import { defaultThresholds } from '../../../domain/alerts/thresholds.ts';
import { Rejected } from '../../../domain/kernel/rejected.ts';
import { Conflict, NotFound } from '../../../use-cases/ports/field.ts';
import { actOnAlerts } from '../../../use-cases/serve-alerts/act-on-alerts.ts';
import { memoryAlertTable } from '../../fakes/alert-table.ts';
import { pendingTamper, tamperedAt } from '../../fakes/pending-tamper.ts';
import { fakeThresholdSettings } from '../../fakes/threshold-settings.ts';

const at = tamperedAt;
const { alertId } = pendingTamper;

const desk = async () => {
  const alerts = memoryAlertTable();
  const open = raised(pendingTamper, at, pendingTamper, false, defaultThresholds);
  await alerts.revise({ condition: pendingTamper.condition, known: undefined, revise: () => open });
  return { alerts, ...actOnAlerts({ alerts, settings: fakeThresholdSettings() }) };
};

describe('people and alerts', () => {
  it('acknowledge one: it says who took it, and is told once', async () => {
    const { alerts, acknowledgeAlert } = await desk();
    const taken = await acknowledgeAlert(alertId, { by: 'dana', at: at + 1, note: 'on my way' });
    await acknowledgeAlert(alertId, { by: 'eve', at: at + 2 });
    expect(['acknowledged' in taken && taken.acknowledged, alerts.told.map(({ change }) => change.type)]).toEqual([
      { by: 'dana', at: at + 1, note: 'on my way' },
      ['AlertRaised', 'AlertAcknowledged'],
    ]);
  });

  it('clear one by hand, once', async () => {
    const { clearAlert } = await desk();
    const closed = await clearAlert(alertId, { by: 'dana', at: at + 1 });
    expect([closed.phase, 'cleared' in closed && closed.cleared]).toEqual(['cleared', { by: 'dana', at: at + 1 }]);
    await expect(clearAlert(alertId, { by: 'dana', at: at + 2 })).rejects.toThrow(Conflict);
  });

  it('are told when there is no such alert', async () => {
    const { acknowledgeAlert } = await desk();
    await expect(acknowledgeAlert('nonsense', { by: 'dana', at })).rejects.toThrow(NotFound);
  });
});

describe('people and thresholds', () => {
  it('set them for a site over those of the network, and take them back', async () => {
    const { setSiteThresholds, siteThresholds } = await desk();
    await setSiteThresholds('*', { lowPowerW: 2_000, stallMs: 1_000 });
    await setSiteThresholds('site-1', { lowPowerW: 3_000, siteLimitW: 100_000 });
    const changed = await setSiteThresholds('site-1', { lowPowerW: null });
    expect([changed, await siteThresholds('site-1')]).toEqual(
      Array.from({ length: 2 }, () => ({
        scope: 'site-1',
        overrides: { siteLimitW: 100_000 },
        effective: { ...defaultThresholds, lowPowerW: 2_000, stallMs: 1_000, siteLimitW: 100_000 },
      })),
    );
  });

  it('lose nothing that others set at the same time', async () => {
    const { setSiteThresholds, siteThresholds } = await desk();
    await Promise.all([
      setSiteThresholds('site-1', { lowPowerW: 3_000 }),
      setSiteThresholds('site-1', { siteLimitW: 100_000 }),
    ]);
    expect((await siteThresholds('site-1')).overrides).toEqual({ lowPowerW: 3_000, siteLimitW: 100_000 });
  });

  it('cannot set what is no threshold', async () => {
    const { setSiteThresholds } = await desk();
    await expect(setSiteThresholds('site-1', { lowPower: null, stallMs: -1 })).rejects.toThrow(
      new Rejected('lowPower is not a threshold; stallMs must be 0 to 4000000000000'),
    );
  });
});

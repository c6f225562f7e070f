import { describe, expect, it } from 'vitest';
import { raised } from '../../../domain/alerts/alert-transitions.ts';
import { defaultThresholds, type Thresholds } from '../../../domain/alerts/thresholds.ts';
import { BadRequest, serveAlerts } from '../../../use-cases/serve-alerts/serve-alerts.ts';
import { memoryAlertTable } from '../../fakes/alert-table.ts';
import { pendingTamper, tamperedAt } from '../../fakes/pending-tamper.ts';

const at = tamperedAt;
const fields = async () => {
  const alerts = memoryAlertTable();
  const open = raised(pendingTamper, at, pendingTamper, false, defaultThresholds);
  await alerts.revise({ condition: pendingTamper.condition, known: undefined, revise: () => open });
  const kept = new Map<string, Partial<Thresholds>>();
  const served = serveAlerts({
    alerts,
    settings: {
      find: async (scope) => kept.get(scope) ?? {},
      put: async (scope, thresholds) => void kept.set(scope, thresholds),
    },
    history: { ofSite: async () => alerts.all(), stationsOf: async () => 4 },
    clock: () => at + 60_000,
  });
  return (field: string, args: Record<string, unknown>) => {
    const answer = served[field];
    if (!answer) throw new Error(`There is no field ${field}`);
    return answer(args);
  };
};

describe('the alert fields of GraphQL', () => {
  it('acknowledge in the name of the caller, at our time', async () => {
    const call = await fields();
    const answer = await call('acknowledgeAlert', { alertId: pendingTamper.alertId, by: 'dana', note: null });
    expect(answer).toMatchObject({ items: [{ acknowledged: { by: 'dana', at: at + 60_000 } }] });
  });

  it('tell the figures of a site over a period', async () => {
    const call = await fields();
    const args = { siteId: 'site-1', from: '2026-11-20T00:00:00Z', to: '2026-11-21T00:00:00Z' };
    expect(await call('alertFigures', args)).toEqual({
      raised: 1,
      open: 1,
      bySeverity: { info: 0, warning: 0, major: 0, critical: 1 },
      byRule: [{ rule: 'tamper', alerts: 1 }],
      perStationDay: 0.25,
    });
  });

  it.each([
    ['acknowledgeAlert', { alertId: 'x', by: '' }],
    ['acknowledgeAlert', { alertId: 'x', by: 'd'.repeat(201) }],
    ['clearAlert', { alertId: 'x', by: 'dana', note: 'n'.repeat(2_001) }],
    ['alertFigures', { siteId: 's', from: 'yesterday', to: '2026-11-20T00:00:00Z' }],
    ['alertFigures', { siteId: 's', from: '2026-11-20T00:00:00Z', to: '2026-11-20T00:00:00Z' }],
    ['alertFigures', { siteId: 's', from: '2020-11-20T00:00:00Z', to: '2026-11-20T00:00:00Z' }],
    ['setSiteThresholds', { siteId: 's', thresholds: [] }],
  ])('refuse %s of %j', async (field, args) => {
    const call = await fields();
    await expect(call(field, args)).rejects.toThrow(BadRequest);
  });
});

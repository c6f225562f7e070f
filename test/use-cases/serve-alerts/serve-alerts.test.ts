import { describe, expect, it } from 'vitest';
import { raised } from '../../../domain/alerts/alert-transitions.ts';
import { defaultThresholds } from '../../../domain/alerts/thresholds.ts';
import { Rejected } from '../../../domain/kernel/rejected.ts';
import { NotPermitted } from '../../../use-cases/ports/field.ts';
import { serveAlerts } from '../../../use-cases/serve-alerts/serve-alerts.ts';
import { memoryAlertTable } from '../../fakes/alert-table.ts';
import { administrator, operator, viewer } from '../../fakes/callers.ts';
import { pendingTamper, tamperedAt } from '../../fakes/pending-tamper.ts';
import { fakeThresholdSettings } from '../../fakes/threshold-settings.ts';

const at = tamperedAt;
const fields = async () => {
  const alerts = memoryAlertTable();
  const open = raised(pendingTamper, at, pendingTamper, false, defaultThresholds);
  await alerts.revise({ condition: pendingTamper.condition, known: undefined, revise: () => open });
  const asked: unknown[] = [];
  const served = serveAlerts({
    alerts,
    settings: fakeThresholdSettings(),
    history: {
      list: async (selection, page) => {
        asked.push({ ...selection, ...page });
        return { items: alerts.all(), nextToken: 'more' };
      },
      ofSite: async () => alerts.all(),
      stationsOf: async () => 4,
    },
    clock: () => at + 60_000,
  });
  const call = (field: string, args: Record<string, unknown>, caller = operator) => {
    const answer = served[field];
    if (!answer) throw new Error(`There is no field ${field}`);
    return answer(args, caller);
  };
  return { call, asked };
};

describe('the alert fields of GraphQL', () => {
  it('acknowledge in the name of the caller, at our time', async () => {
    const { call } = await fields();
    const answer = await call('acknowledgeAlert', { alertId: pendingTamper.alertId, note: null });
    expect(answer).toMatchObject({ items: [{ acknowledged: { by: 'olga', at: at + 60_000 } }] });
  });

  it('tell the figures of a site over a period', async () => {
    const { call } = await fields();
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
    [{}, { of: 'network' }],
    [{ filter: { status: 'open', siteId: null } }, { of: 'network' }],
    [{ filter: { severity: 'major', rule: 'tamper' } }, { of: 'network', severity: 'major', rule: 'tamper' }],
    [
      { filter: { siteId: 's', status: 'cleared', model: 'M', firmware: '1.0' } },
      { of: 'site', siteId: 's', status: 'cleared', model: 'M', firmware: '1.0' },
    ],
    [{ filter: { stationId: 'c' } }, { of: 'station', stationId: 'c' }],
  ])('list the alerts %j asks for', async (args, selection) => {
    const { call, asked } = await fields();
    const answer = await call('alerts', { ...args, limit: null, nextToken: 'here' });
    const always = { fromMs: 0, toMs: 8_640_000_000_000_000, limit: 50, nextToken: 'here' };
    expect(asked).toEqual([{ ...selection, ...always }]);
    expect(answer).toMatchObject({ items: [{ alertId: pendingTamper.alertId }], nextToken: 'more' });
  });

  it.each([
    ['alerts', { filter: { siteId: 's', stationId: 'c' } }],
    ['alerts', { filter: { status: 'cleared' } }],
    ['alerts', { filter: { siteId: '' } }],
    ['alerts', { filter: { siteId: 's', from: '2026-11-21T00:00:00Z', to: '2026-11-20T00:00:00Z' } }],
    ['alerts', { limit: 101 }],
    ['acknowledgeAlert', { alertId: 'x', by: 'dana' }],
    ['clearAlert', { alertId: 'x', note: 'n'.repeat(2_001) }],
    ['alertFigures', { siteId: 's', from: 'yesterday', to: '2026-11-20T00:00:00Z' }],
    ['alertFigures', { siteId: 's', from: '2026-11-20T00:00:00Z', to: '2026-11-20T00:00:00Z' }],
    ['alertFigures', { siteId: 's', from: '2020-11-20T00:00:00Z', to: '2026-11-20T00:00:00Z' }],
    ['alertFigures', { siteId: 's'.repeat(257), from: '2026-11-20T00:00:00Z', to: '2026-11-21T00:00:00Z' }],
    ['siteThresholds', { siteId: 's'.repeat(257) }],
    ['setSiteThresholds', { siteId: 's', thresholds: [] }],
    ['setSiteThresholds', { siteId: 'exclusions#WS-1', thresholds: [{ name: 'stallMs', value: 1 }] }],
  ])('refuse %s of %j', async (field, args) => {
    const { call } = await fields();
    await expect(call(field, args, administrator)).rejects.toThrow(Rejected);
  });

  it.each([
    ['acknowledgeAlert', viewer],
    ['clearAlert', viewer],
    ['setSiteThresholds', viewer],
    ['setSiteThresholds', operator],
  ])('let nobody %s whose role does not include it: %o', async (field, caller) => {
    const { call } = await fields();
    const args =
      field === 'setSiteThresholds' ? { siteId: 's', thresholds: [{ name: 'lostMin', value: 1 }] } : { alertId: 'x' };
    await expect(call(field, args, caller)).rejects.toThrow(NotPermitted);
  });
});

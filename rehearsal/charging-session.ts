import { tagList } from '../aws/dynamodb/tag-list.ts';
import { connectCharger, refusal, registerStation } from './charger.ts';
import type { RehearsedStack } from './rehearsed-stack.ts';

export const stationId = 'REHEARSAL-1';
export const tag = 'REHEARSAL-TAG';

/**
 * Three minutes of charging, from `startedAt` (a full minute, ms), told in one go by an OCPP 1.6 charger that was registered
 * before; and who is turned away. Returns what was answered.
 */
export const chargingSession = async (stack: RehearsedStack, startedAt: number): Promise<readonly unknown[]> => {
  await registerStation(stack, stationId, { siteId: 'rehearsal', zoneId: 'rehearsal' });
  await tagList(stack.output('TagsTable')).put({ tag, status: 'Accepted' });

  const refused = [
    await refusal(stack, 'NOBODY'),
    await refusal(stack, stationId),
    await refusal(stack, stationId, 'wrong-password'),
  ];
  const { call, close } = await connectCharger(stack, stationId);
  const at = (minute: number): string => new Date(startedAt + minute * 60_000).toISOString();
  const status = (minute: number, word: string) =>
    call('StatusNotification', { connectorId: 1, errorCode: 'NoError', status: word, timestamp: at(minute) });
  const answers = [
    await call('BootNotification', { chargePointVendor: 'Rehearsal', chargePointModel: 'One', firmwareVersion: '1' }),
    await status(-1, 'Available'),
    await call('Authorize', { idTag: tag }),
    await call('Authorize', { idTag: 'NOBODY' }),
    await status(0, 'Preparing'),
  ];
  const start = await call('StartTransaction', { connectorId: 1, idTag: tag, meterStart: 1_000, timestamp: at(0) });
  const { transactionId } = start;
  answers.push(start, await status(0, 'Charging'));
  for (const minute of [1, 2]) {
    const sampledValue = [
      { value: String(1_000 + 600 * minute), measurand: 'Energy.Active.Import.Register', unit: 'Wh' },
      { value: '36', measurand: 'Power.Active.Import', unit: 'kW' },
    ];
    const meterValue = [{ timestamp: at(minute), sampledValue }];
    answers.push(await call('MeterValues', { connectorId: 1, transactionId, meterValue }));
  }
  answers.push(
    await call('StopTransaction', { transactionId, idTag: tag, meterStop: 2_800, timestamp: at(3), reason: 'Local' }),
    await status(3, 'Available'),
  );
  close();
  return [...refused, ...answers];
};

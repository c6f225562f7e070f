import { targetDeliveries } from '../eventbridge/target-delivery.ts';
import type { LocalService } from '../stack/local-service.ts';
import { schedule, startSchedules } from './schedule.ts';

/** EventBridge Scheduler: rates of whole minutes. */
export const scheduler: LocalService = {
  name: 'scheduler',
  kinds: [schedule],
  start: async (context) => {
    const { deployment, onStop, report, system } = context;
    const schedules = deployment.all(schedule);
    const deliveries = await targetDeliveries('schedule-deliveries', context);
    return {
      begin: async () => {
        onStop(deliveries.stop);
        deliveries.resume();
        onStop(startSchedules(schedules, { deliver: deliveries.add, report, system }));
      },
    };
  },
};

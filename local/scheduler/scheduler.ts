import type { LocalService } from '../stack/local-service.ts';
import { schedule, startSchedules } from './schedule.ts';

/** EventBridge Scheduler: rates of whole minutes. */
export const scheduler: LocalService = {
  name: 'scheduler',
  kinds: [schedule],
  start: async ({ system, deployment, onStop, reach, report }) => {
    const schedules = deployment.all(schedule);
    return {
      begin: async () => {
        const { stop } = startSchedules(schedules, {
          invoke: (functionArn, event) => reach(functionArn, 'invoke')(functionArn, event),
          deadLetter: (queueArn, body) => reach(queueArn, 'deliver')(queueArn, { body }),
          report,
          system,
        });
        onStop(stop);
      },
    };
  },
};

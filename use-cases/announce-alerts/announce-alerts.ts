import type { Alert } from '../../domain/alerts/alert.ts';
import { alertEntries } from '../../domain/alerts/alert-entries.ts';
import { notificationsOf } from '../../domain/events/notification.ts';
import type { AlertTopic } from '../ports/alert-topic.ts';
import type { Timeline } from '../ports/timeline.ts';

export type AnnouncementPorts = {
  readonly topic: AlertTopic;
  readonly timeline: Pick<Timeline, 'put'>;
};

/** Writes what happened to alerts into the timeline of their subjects, then tells people. The first can be repeated, so it goes first. */
export const announceAlerts =
  ({ topic, timeline }: AnnouncementPorts) =>
  async (alerts: readonly Alert[]): Promise<void> => {
    const entries = alerts.flatMap(alertEntries);
    if (entries.length > 0) await timeline.put(entries, []);
    for (const notification of alerts.flatMap(notificationsOf)) await topic.publish(notification);
  };

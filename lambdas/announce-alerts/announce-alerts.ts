import type { AlertTopic } from '../../aws/alert-topic.ts';
import type { Alert } from '../../domain/alerts/alert.ts';
import { notificationsOf } from '../../domain/alerts/notification.ts';
import { alertEntries } from '../../domain/alerts/timeline.ts';
import type { TimelineEntry } from '../../domain/history/timeline-entry.ts';

export type AnnouncementPorts = {
  readonly topic: AlertTopic;
  /** Upserts entries by subject, time and id. */
  readonly timeline: { readonly put: (entries: readonly TimelineEntry[]) => Promise<void> };
};

/** Writes what happened to an alert into the timeline of its subject, then tells people. The first can be repeated, so it goes first. */
export const announceAlerts =
  ({ topic, timeline }: AnnouncementPorts) =>
  async (alert: Alert): Promise<void> => {
    const entries = alertEntries(alert);
    if (entries.length > 0) await timeline.put(entries);
    for (const notification of notificationsOf(alert)) await topic.publish(notification);
  };

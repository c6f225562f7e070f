import type { Notification } from '../../domain/events/notification.ts';

/** Where people are told: e-mail, SMS and chat subscriptions filter by the attributes (event, severity, rule, siteId, region, stationId). */
export type AlertTopic = { readonly publish: (notification: Notification) => Promise<void> };

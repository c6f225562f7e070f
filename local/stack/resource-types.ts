import { inertTypes } from '../template/inert-types.ts';
import type { InertResource, ResourceKind } from '../template/resource-kind.ts';
import { localServices } from './local-services.ts';

/** Every resource type of a template: run by a service, or without effect here and why. A type not listed is an error. */
export const resourceTypes: readonly (ResourceKind | InertResource)[] = [
  ...localServices.flatMap(({ kinds }) => kinds),
  ...inertTypes,
];

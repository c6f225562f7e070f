import { platform } from '../../runtime/platform.ts';
import { wire } from './wire.ts';

export const { handler, notified } = wire(process.env, platform);

import { platform } from '../../runtime/platform.ts';
import { wire } from './wire.ts';

export const { handler, segment } = wire(process.env, platform);

import { platform } from '../../runtime/platform.ts';
import { wire } from './wire.ts';

export const { websocket, mqtt } = wire(process.env, platform);

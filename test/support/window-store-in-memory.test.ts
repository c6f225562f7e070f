import { windowStoreContract } from '../contracts/window-store.ts';
import { windowStoreInMemory } from './window-store-in-memory.ts';

const { store } = windowStoreInMemory();

windowStoreContract('a map', () => store);

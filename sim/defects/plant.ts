import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { plantedDefects } from './planted-defects.ts';

/** Loaded before a simulation (`node --import`): plants the defect that SIM_DEFECT names into the source as it is loaded. */
const defect = plantedDefects.find(({ name }) => name === process.env.SIM_DEFECT);
if (defect === undefined) throw new Error(`There is no planted defect ${process.env.SIM_DEFECT}`);

const { file, find, replace } = defect;
const target = pathToFileURL(join(import.meta.dirname, '../..', file)).href;

registerHooks({
  load: (url, context, nextLoad) => {
    const loaded = nextLoad(url, context);
    if (url !== target) return loaded;
    const source = String(loaded.source);
    if (source.split(find).length !== 2) throw new Error(`${file} does not hold once what ${defect.name} replaces`);
    return { ...loaded, source: source.replace(find, () => replace) };
  },
});

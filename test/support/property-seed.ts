import fc from 'fast-check';

/**
 * Property tests try the same cases in every run, so that a red test is of the change it came with. PROPERTY_SEED=N tries
 * those of another seed, PROPERTY_SEED=random those of a new one, which a failure prints.
 */
const { PROPERTY_SEED = '20261122' } = process.env;
if (PROPERTY_SEED !== 'random') {
  if (!/^-?[0-9]{1,10}$/.test(PROPERTY_SEED)) throw new Error('PROPERTY_SEED is a whole number, or random');
  fc.configureGlobal({ seed: Number(PROPERTY_SEED) });
}

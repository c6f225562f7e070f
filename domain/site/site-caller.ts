const PREFIX = 'site ';

/** Who asks when a site's allocation sets a limit. */
export const siteCaller = (siteId: string): string => `${PREFIX}${siteId}`;

/** The site whose allocation asked; undefined for any other caller. */
export const siteOfCaller = (by: string): string | undefined =>
  by.startsWith(PREFIX) ? by.slice(PREFIX.length) : undefined;

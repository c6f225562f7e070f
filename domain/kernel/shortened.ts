/** Text of at most so many characters: what is longer loses its end, and shows so. */
export const shortened = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most - 1).toWellFormed()}…`;

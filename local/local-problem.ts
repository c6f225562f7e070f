/** Something the person at the keyboard can put right: what is wrong, and how to fix it. Printed without a stack. */
export class LocalProblem extends Error {
  override readonly name = 'LocalProblem';
  readonly fix: string;

  constructor(message: string, fix: string, options?: ErrorOptions) {
    super(message, options);
    this.fix = fix;
  }
}

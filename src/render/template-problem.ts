/**
 * What went wrong while a template was filled in, before it is known in which one and where. The renderer
 * turns it into an FcopsError.
 */
export class TemplateProblem extends Error {
  override readonly name = 'TemplateProblem';
  /** The line, or the last part of the variable's name, by which the line can be found. */
  readonly at: { readonly line: number } | { readonly variable: string };
  readonly next: string | undefined;

  constructor(at: TemplateProblem['at'], message: string, next?: string) {
    super(message);
    this.at = at;
    this.next = next;
  }
}

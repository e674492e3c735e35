/** What the element's published types say of Lit, which is inside the bundle: no more than a page can use. */
export interface CSSResultGroup {}
export declare class LitElement extends HTMLElement {
  static styles?: CSSResultGroup;
  static shadowRootOptions: ShadowRootInit;
  /** Resolves when the last changes of properties are on the screen. */
  readonly updateComplete: Promise<boolean>;
  connectedCallback(): void;
  disconnectedCallback(): void;
  protected readonly hasUpdated: boolean;
  protected requestUpdate(): void;
  protected createRenderRoot(): HTMLElement | DocumentFragment;
  protected willUpdate(changed: PropertyValues): void;
  protected firstUpdated(changed: PropertyValues): void;
  protected updated(changed: PropertyValues): void;
  protected render(): unknown;
}
export type PropertyValues<T = unknown> = Map<PropertyKey, unknown> & { readonly __of?: T };
export declare function html(parts: TemplateStringsArray, ...values: unknown[]): unknown;
export declare function css(parts: TemplateStringsArray, ...values: unknown[]): CSSResultGroup;
export declare const nothing: unique symbol;
export declare function property(options?: object): PropertyDecorator;
export declare function state(): PropertyDecorator;
export declare function query(selector: string): PropertyDecorator;

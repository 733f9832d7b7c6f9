/** One answer of the public API, as pages take it. */
export interface ApiAnswer {
  readonly status: number;
  /** JSON, or a text where the API gives one. */
  readonly body: unknown;
}

/** Everything that a page is drawn from. */
export interface PageData {
  /** Path and query. */
  readonly url: string;
  /** Address of the coordinator without a path. */
  readonly origin: string;
  /** ISO 8601. */
  readonly now: string;
  readonly answers: Readonly<Record<string, ApiAnswer>>;
}

/** A page as HTML, without the document around it. */
export interface RenderedPage {
  readonly status: number;
  readonly title: string;
  readonly html: string;
}

/** What the built pages offer the coordinator: `services/dashboard`, built for the server. */
export interface PageRenderer {
  /** Tells what has to be asked of the API for a page: paths by name. */
  routeOf(url: string): {
    readonly needs: Readonly<Record<string, { readonly path: string }>>;
  };
  render(data: PageData): RenderedPage;
}

/** Tells whether a module that was loaded is the built pages. */
export function isPageRenderer(module: unknown): module is PageRenderer {
  return (
    typeof module === 'object' &&
    module !== null &&
    'routeOf' in module &&
    typeof module.routeOf === 'function' &&
    'render' in module &&
    typeof module.render === 'function'
  );
}

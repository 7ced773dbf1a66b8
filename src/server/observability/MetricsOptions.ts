/** Who may read the figures. */
export type MetricsOptions =
  | {
      /** The scraper sends it as `Authorization: Bearer …`; at least 16 characters. */
      token: string;
      authorize?: never;
    }
  | {
      /** True lets the request in: for an app that tells its scraper by other means. */
      authorize: (request: Request) => Promise<boolean> | boolean;
      token?: never;
    };

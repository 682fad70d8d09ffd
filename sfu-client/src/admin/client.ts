import createClient, { type Client } from "openapi-fetch";
import type { components, paths } from "../../target/contract.js";

/** What the contract calls by a name: `Schemas["Room"]`. */
export type Schemas = components["schemas"];

/** Asks `/v1`: its methods take the contract's paths, and answer `data` or, as problem JSON, `error`. */
export type AdminClient = Client<paths>;

export interface AdminClientOptions {
  /** The operator's port, without `/v1`; a page of that port leaves it out. */
  baseUrl?: string;
  /** The bearer token of each request, asked anew each time; none from the machine itself, where none is configured. */
  token?: () => string | undefined;
  fetch?: (request: Request) => Promise<Response>;
}

/** A client of the operator's interface. What the network refuses is thrown, as by `fetch`. */
export function adminClient({ token, ...options }: AdminClientOptions = {}): AdminClient {
  const client = createClient<paths>(options);
  client.use({
    onRequest({ request }) {
      const bearer = token?.();
      if (bearer) request.headers.set("Authorization", `Bearer ${bearer}`);
    },
  });
  return client;
}

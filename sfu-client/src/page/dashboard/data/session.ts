import { signal } from "@preact/signals";
import { ApiError } from "./api-error.js";
import { OperatorApi } from "./operator-api.js";

const KEY = "parley.admin.token";

/** `unknown`: it was not asked yet; `out`: a token is needed; `in`: whatever is asked is asked with what there is. */
export type SessionState = "unknown" | "out" | "in";

export interface SessionSurroundings {
  readonly storage: Pick<Storage, "getItem" | "setItem" | "removeItem">;
  readonly baseUrl: string;
  readonly fetch?: (request: Request) => Promise<Response>;
}

/** Who looks: without a token where none is needed, else with one that is kept as long as the tab is open. */
export class Session {
  readonly state = signal<SessionState>("unknown");
  readonly problem = signal<ApiError | undefined>(undefined);
  /** Without a token there is nobody to sign out. */
  readonly signedIn = signal(false);
  readonly baseUrl: string;
  readonly api: OperatorApi;
  readonly #storage: SessionSurroundings["storage"];
  #token: string | undefined;

  constructor({ storage, baseUrl, fetch }: SessionSurroundings) {
    this.#storage = storage;
    this.baseUrl = baseUrl;
    this.#token = storage.getItem(KEY) ?? undefined;
    this.api = new OperatorApi({
      baseUrl,
      ...(fetch && { fetch }),
      token: () => this.#token,
      refused: (withToken) => this.#refused(withToken),
    });
  }

  get token(): string | undefined {
    return this.#token;
  }

  /** Finds out whether a token is needed, or whether the kept one still opens. */
  async start(): Promise<void> {
    this.problem.value = undefined;
    try {
      await this.api.server();
      this.signedIn.value = this.#token !== undefined;
      if (this.#token !== undefined) this.#storage.setItem(KEY, this.#token);
      this.state.value = "in";
    } catch (failure) {
      const error = ApiError.of(failure);
      // What the gate says has been heard already.
      if (error.status !== 401) this.problem.value = error;
    }
  }

  async signIn(token: string): Promise<void> {
    this.#token = token;
    await this.start();
  }

  signOut(): void {
    this.#forget();
    this.problem.value = undefined;
    this.state.value = "out";
  }

  #refused(withToken: boolean): void {
    this.#forget();
    this.problem.value = withToken ? new ApiError("token_invalid", 401, "") : undefined;
    this.state.value = "out";
  }

  #forget(): void {
    this.#token = undefined;
    this.signedIn.value = false;
    this.#storage.removeItem(KEY);
  }
}

import assert from "node:assert/strict";
import { Failure } from "../stack/failure.ts";
import { dockerStack } from "./target.ts";

const STATUS = {
  API_URL: "http://127.0.0.1:54321",
  DB_URL: "postgresql://postgres:postgres@127.0.0.1:54322/postgres",
  PUBLISHABLE_KEY: "sb_publishable_x",
  SECRET_KEY: "sb_secret_x",
  JWT_SECRET: "a-secret",
};

Deno.test("the stack of Docker is described by what supabase status says", () => {
  assert.deepEqual(dockerStack(STATUS), {
    url: STATUS.DB_URL,
    environment: {
      PLINTH_API_URL: STATUS.API_URL,
      PLINTH_FUNCTIONS_URL: `${STATUS.API_URL}/functions/v1`,
      PLINTH_DB_URL: STATUS.DB_URL,
      PLINTH_PUBLISHABLE_KEY: STATUS.PUBLISHABLE_KEY,
      PLINTH_SECRET_KEY: STATUS.SECRET_KEY,
      PLINTH_JWT_SECRET: STATUS.JWT_SECRET,
    },
  });
});

Deno.test("a status without an address is refused with its name", () => {
  assert.throws(
    () => dockerStack({ ...STATUS, API_URL: "" }),
    (error) => error instanceof Failure && error.message.includes("API_URL"),
  );
});

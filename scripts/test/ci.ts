/** Settings for tools whose output goes to a log. */
export const CI_ENVIRONMENT = { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" };

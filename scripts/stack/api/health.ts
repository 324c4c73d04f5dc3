/** Path at which the API and the functions server say that they are there. */
export const HEALTH_PATH = "/health";

/** Takes a connection URL apart for tools that want its parts. */
export function parseDatabaseUrl(url: string) {
  const { hostname, password, pathname, port, username } = new URL(url);
  return {
    host: hostname,
    port: port || "5432",
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: pathname.slice(1),
  };
}

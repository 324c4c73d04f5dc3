-- Extensions live in one schema that holds nothing else, so that an empty search_path can name
-- their types and operators and an upgrade never meets a table of ours. pg_cron insists on its own
-- schema.

create extension if not exists postgis with schema extensions;
create extension if not exists pg_trgm with schema extensions;
create extension if not exists unaccent with schema extensions;
create extension if not exists fuzzystrmatch with schema extensions;
create extension if not exists pgcrypto with schema extensions;
create extension if not exists btree_gin with schema extensions;
create extension if not exists btree_gist with schema extensions;
create extension if not exists pg_stat_statements with schema extensions;
create extension if not exists hypopg with schema extensions;
create extension if not exists pg_cron with schema pg_catalog;

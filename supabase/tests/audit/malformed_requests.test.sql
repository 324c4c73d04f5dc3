-- Threat: a client sends claims or headers that the audit stumbles over, and its write fails or the
-- log grows without bound.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir fixture.psql

select plan(20);

select audit.enable('planted.notes') \g /dev/null
select ops.set_setting('audit.api_logins', to_jsonb(array[session_user])) \g /dev/null

create function pg_temp.write_with(claims text, headers text)
returns audit.audit_logs
language plpgsql
as $$
declare
  entry audit.audit_logs;
begin
  perform set_config('request.jwt.claims', claims, true);
  perform set_config('request.headers', headers, true);
  insert into planted.notes select coalesce(max(id), 0) + 1 from planted.notes;
  select * into entry from audit.audit_logs order by id desc limit 1;
  return entry;
end;
$$;

select is(
  (pg_temp.write_with(claims, '{}')).actor_id, null,
  'nobody acts by the claims ' || left(claims, 40)
)
from unnest(array[
  'not json', '[1]', '"text"', '{"sub": 5}', '{"sub": null}', '{"sub": "x"}', '{"sub": {}}',
  '{"sub": "00000000-0000-0000-0000-00000000000g"}', '{"sub": "\u0000"}', repeat('[', 200000)
]) as claims;

select is(
  (pg_temp.write_with('', headers)).address, null,
  'no address is in the headers ' || left(headers, 40)
)
from unnest(array[
  'not json', '[]', '{"x-forwarded-for": 5}', '{"x-forwarded-for": "1.2.3.999"}',
  '{"x-forwarded-for": "::::"}', '{"x-forwarded-for": "10.0.0.0/8"}', '{"x-forwarded-for": ","}',
  '{"x-forwarded-for": "unknown"}'
]) as headers;

select is(
  (pg_temp.write_with(
    '', jsonb_build_object('user-agent', repeat('a', 9000), 'x-request-id', 'r')::text
  )).claimed,
  jsonb_build_object('user_agent', repeat('a', 500), 'request_id', 'r'),
  'what a client says of itself is kept as claimed, and cut'
);
select is(
  char_length((pg_temp.write_with(repeat('x', 9000), '')).claimed ->> 'claims'), 500,
  'claims that are none are kept, and cut'
);

select * from finish();
rollback;

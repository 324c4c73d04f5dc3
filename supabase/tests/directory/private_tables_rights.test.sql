-- Legal name, revenue, documents, tokens and what moderators note are out of reach of every API
-- role.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(30);

insert into auth.users (id) values
  ('a7e57000-0000-4000-8000-000000000001'),
  ('a7e57000-0000-4000-8000-000000000002');
insert into private.user_roles (user_id, role)
values ('a7e57000-0000-4000-8000-000000000002', 'super_admin');
insert into directory.categories (id, slug, name)
values ('c7e57000-0000-4000-8000-000000000001', 'zqx-one', 'Zqx One');
insert into directory.businesses (id, name, city, state, primary_category_id, owner_id, status)
values ('b7e57000-0000-4000-8000-000000000001', 'Zqx One', 'Zqxville', 'TX',
  'c7e57000-0000-4000-8000-000000000001', 'a7e57000-0000-4000-8000-000000000001', 'active');
insert into directory_internal.business_private (business_id, legal_name)
values ('b7e57000-0000-4000-8000-000000000001', 'Zqx Secret LLC');
insert into directory_internal.business_claims (business_id, kind, token_hash, expires_at)
values ('b7e57000-0000-4000-8000-000000000001', 'claim', sha256('zqx'), now() + interval '1 day');

select table_privs_are(
  'directory_internal', tables.name, roles.name, '{}',
  format('%s has no right on %s', roles.name, tables.name)
)
from unnest(
  array['business_private', 'business_claims', 'business_review_moderation', 'review_queue']
) as tables (name)
cross join unnest(array['anon', 'authenticated', 'service_role']) as roles (name);

set local request.jwt.claims = '{}';
set local role anon;
select throws_ok(
  $$ select legal_name from directory_internal.business_private $$,
  '42501', null,
  'a visitor can not read a legal name'
);
select throws_ok(
  $$ select token_hash from directory_internal.business_claims $$,
  '42501', null,
  'a visitor can not read the hash of a token'
);
select throws_ok(
  $$ select moderation_notes from directory_internal.business_review_moderation $$,
  '42501', null,
  'a visitor can not read what moderators note'
);
reset role;

set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000001"}';
set local role authenticated;
select throws_ok(
  $$ select legal_name from directory_internal.business_private $$,
  '42501', null,
  'not even the owner reads the private table directly'
);
select throws_ok(
  $$ update directory_internal.business_private set boost_credits = 1000 where true $$,
  '42501', null,
  'an owner can not give the business credits'
);
select throws_ok(
  $$
    insert into directory_internal.business_claims (business_id, kind, token_hash, expires_at)
    values ('b7e57000-0000-4000-8000-000000000001', 'transfer', sha256('x'),
      now() + interval '1 day')
  $$,
  '42501', null,
  'nobody plants a token'
);
reset role;

set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000002"}';
set local role authenticated;
select throws_ok(
  $$ select legal_name from directory_internal.business_private $$,
  '42501', null,
  'not even a super administrator reads the private table through the API'
);
reset role;

-- their own rules
create function pg_temp.refused_by(statement text)
returns text
language plpgsql
as $$
declare
  constraint_name text;
begin
  execute statement;
  return null;
exception
  when check_violation or unique_violation then
    get stacked diagnostics constraint_name = constraint_name;
    return constraint_name;
end;
$$;

select is(
  pg_temp.refused_by(
    format(
      'update directory_internal.business_private set %s where business_id = %L',
      bad.assignment, 'b7e57000-0000-4000-8000-000000000001'
    )
  ),
  bad.name,
  bad.rule
)
from (
  values
    ($$ legal_name = repeat('l', 256) $$, 'business_private_legal_name_check',
      'a legal name of 256 characters is refused'),
    ($$ annual_revenue = repeat('9', 51) $$, 'business_private_annual_revenue_check',
      'a revenue of 51 characters is refused'),
    ($$ verification_documents = '{}' $$, 'business_private_json_check',
      'documents that are no list are refused'),
    ($$ premium_features = '[]' $$, 'business_private_json_check',
      'features that are no object are refused'),
    ($$ suspension_reason = repeat('r', 2001) $$, 'business_private_suspension_reason_check',
      'a reason of 2,001 characters is refused'),
    ($$ boost_credits = -1 $$, 'business_private_boost_credits_check',
      'negative credits are refused'),
    ($$ legal_name = 'Zqx LLC', boost_credits = 0, annual_revenue = '1-2 M' $$, null,
      'ordinary values are taken')
) as bad (assignment, name, rule);

select is(
  pg_temp.refused_by(
    format(
      'insert into directory_internal.business_claims (business_id, kind, token_hash, expires_at)
       values (''b7e57000-0000-4000-8000-000000000001'', %s)',
      bad.written
    )
  ),
  bad.name,
  bad.rule
)
from (
  values
    ($$ 'gift', sha256('a'), now() + interval '1 day' $$, 'business_claims_kind_check',
      'a token is for a claim or a transfer'),
    ($$ 'claim', 'plain token', now() + interval '1 day' $$, 'business_claims_token_hash_check',
      'a token in the clear is refused'),
    ($$ 'claim', sha256('b'), now() - interval '1 day' $$, 'business_claims_expires_at_check',
      'a token that has expired at birth is refused'),
    ($$ 'transfer', sha256('zqx'), now() + interval '1 day' $$, 'business_claims_token_hash_key',
      'a token is used once')
) as bad (written, name, rule);

select * from finish();
rollback;

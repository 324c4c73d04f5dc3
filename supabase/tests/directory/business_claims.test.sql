-- A business that nobody owns comes to an owner who proves it with a token that went to the
-- business.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir business_people.psql

select plan(32);

select pg_temp.enter(1, null), pg_temp.enter(2, null, 'draft'), pg_temp.enter(3, 'other')
\g /dev/null
-- an import may bring one that is verified
update directory.businesses set verification_status = 'verified' where id = pg_temp.b(1);
create temporary table kept (name text primary key, value text);
create function pg_temp.claim(name text, number int)
returns text
language sql
as $$
  select pg_temp.try(
    claim.name, format('select directory.request_business_claim(%L)', pg_temp.b(number))
  );
$$;
create function pg_temp.use(name text, token text)
returns text
language sql
as $$ select pg_temp.try(use.name, format('select directory.claim_business(%L)', token)) $$;
create function pg_temp.issue(name text, claim text)
returns text
language sql
as $$ select pg_temp.try(issue.name, format('select directory.issue_claim_token(%L)', claim)) $$;

select is(pg_temp.claim(person, number), outcome, rule)
from (
  values
    ('anon', 1, '42501', 'a visitor claims nothing'),
    ('member', 2, 'PT404', 'a draft is not there to be claimed'),
    ('member', 9, 'PT404', 'nor what is not there'),
    ('member', 3, 'PL146', 'nor what has an owner')
) as tried (person, number, outcome, rule);
insert into kept values ('claim', pg_temp.claim('member', 1));
select matches((select value from kept where name = 'claim'), '^[0-9a-f-]{36}$',
  'a user claims what nobody owns, and gets the id of the claim');
select is((pg_temp.the(1)).owner_id, null, 'which makes them no owner');
select is(
  (select token_hash from directory_internal.business_claims where business_id = pg_temp.b(1)),
  null, 'there is no token yet that could leak'
);

select is(pg_temp.issue(person, (select value from kept where name = 'claim')), '42501', rule)
from (
  values
    ('member', 'who claims does not make the token'), ('anon', 'nor a visitor'),
    ('moderator', 'nor a moderator'), ('expired_admin', 'nor an administrator of yesterday')
) as tried (person, rule);
select is(pg_temp.try(person, 'select count(*) from directory.open_business_claims()'), outcome,
  rule)
from (
  values
    ('member', '42501', 'who claims does not see the claims of all'),
    ('moderator', '1', 'moderators see what is open'),
    ('service_role', '1', 'so does the service key')
) as tried (person, outcome, rule);
insert into kept
values ('first', pg_temp.issue('service_role', (select value from kept where name = 'claim')));
select matches((select value from kept where name = 'first'), '^[0-9a-f]{64}$',
  'the service key makes the token that is sent to the business');
select is(
  (select token_hash from directory_internal.business_claims where business_id = pg_temp.b(1)),
  sha256(convert_to((select value from kept where name = 'first'), 'UTF8')),
  'only its hash is kept'
);
insert into kept
values ('second', pg_temp.issue('admin', (select value from kept where name = 'claim')));
select is(pg_temp.use('member', (select value from kept where name = 'first')), 'PL145',
  'a second token makes the first worthless');
select is(pg_temp.issue('admin', pg_temp.b(1)::text), 'PT404', 'no token is made without a claim');

select is(pg_temp.use(person, token), outcome, rule)
from (
  values
    ('other', (select value from kept where name = 'second'), 'PL145',
      'whoever steals the token gains nothing'),
    ('anon', (select value from kept where name = 'second'), '42501', 'nor a visitor'),
    ('member', repeat('0', 64), 'PL145', 'a guess is refused'),
    ('member', '', 'PL145', 'and no token'),
    ('member', null, 'PL145', 'and null')
) as tried (person, token, outcome, rule);
select is(
  pg_temp.try('member', format('select directory.accept_business_transfer(%L)',
    (select value from kept where name = 'second'))),
  'PL145', 'the token of a claim takes over no business that was offered'
);
update directory_internal.business_claims
set created_at = now() - interval '20 days', expires_at = now();
select is(pg_temp.use('member', (select value from kept where name = 'second')), 'PL145',
  'a token that is out of date is refused');
update directory_internal.business_claims set expires_at = now() + interval '1 second';
select is(pg_temp.use('member', (select value from kept where name = 'second')),
  pg_temp.b(1)::text, 'who asked and has the token becomes the owner');
select is(
  ((pg_temp.the(1)).owner_id, (pg_temp.the(1)).claimed_at)::text,
  (pg_temp.person('member'), now())::text, 'from now on'
);
select is((pg_temp.the(1)).verification_status, 'verified', 'what came verified stays so');
select is(pg_temp.use('member', (select value from kept where name = 'second')), 'PL145',
  'a token is used once');
select is(pg_temp.claim('user', 1), 'PL146', 'now the business has an owner');
select is(
  (
    select array_agg(action order by id) from audit.admin_actions
    where target_id = (select value from kept where name = 'claim')
  ),
  array['issue_claim_token', 'issue_claim_token'], 'each token that was made is written down'
);

select pg_temp.enter(number, null) from generate_series(11, 20) as number \g /dev/null
select results_eq(
  $$
    select pg_temp.claim('user', number) = 'PT429', count(*)
    from generate_series(11, 20) as number
    group by 1 order by 1
  $$,
  $$ values (false, 5::bigint), (true, 5::bigint) $$,
  'nobody claims the whole town'
);

select * from finish();
rollback;

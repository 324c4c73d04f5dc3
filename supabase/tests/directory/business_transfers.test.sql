-- An owner hands a business over with a token that is used once, and keeps nothing.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir business_people.psql

select plan(31);

select pg_temp.enter(1, 'member'), pg_temp.enter(2, 'member', 'deleted') \g /dev/null
insert into directory.business_managers (business_id, user_id, role, accepted_at)
values (pg_temp.b(1), pg_temp.person('user'), 'manager', now());
create temporary table kept (name text primary key, value text);
create function pg_temp.token(name text)
returns text
language sql
as $$ select kept.value from kept where kept.name = token.name $$;
create function pg_temp.offer(name text, number int default 1, receiver uuid default null)
returns text
language sql
as $$
  select pg_temp.try(
    offer.name,
    format('select directory.offer_business_transfer(%L, %L)', pg_temp.b(number), receiver)
  );
$$;
create function pg_temp.take(name text, token text)
returns text
language sql
as $$
  select pg_temp.try(take.name, format('select directory.accept_business_transfer(%L)', token));
$$;

select is(pg_temp.offer(person), '42501', rule)
from (
  values
    ('anon', 'a visitor offers nothing'), ('other', 'nor a stranger'), ('user', 'nor a manager'),
    ('admin', 'nor an administrator, whose way is another'), ('service_role', 'nor the service key')
) as tried (person, rule);
select is(pg_temp.offer('member', 2), 'PL153', 'a deleted business is not offered');
select is(pg_temp.offer('member', 1, gen_random_uuid()), '23503',
  'nothing is offered to an account that is none');

insert into kept values ('first', pg_temp.offer('member'));
select matches(pg_temp.token('first'), '^[0-9a-f]{64}$', 'an owner offers the business');
select is((pg_temp.the(1)).owner_id, pg_temp.person('member'), 'which changes nothing yet');
select is(pg_temp.take('anon', pg_temp.token('first')), '42501', 'a visitor takes nothing');
select is(pg_temp.take('member', pg_temp.token('first')), 'PL156', 'nor the owner');
select is(pg_temp.take('other', repeat('f', 64)), 'PL145', 'nor who guesses');
select is(
  pg_temp.try('other', format('select directory.claim_business(%L)', pg_temp.token('first'))),
  'PL145', 'nor who calls it a claim'
);

insert into kept values ('second', pg_temp.offer('member', 1, pg_temp.person('other')));
select is(pg_temp.take('other', pg_temp.token('first')), 'PL145', 'a second offer ends the first');
select is(pg_temp.take('moderator', pg_temp.token('second')), 'PL145',
  'what is offered to one account no other one takes');
select is(
  pg_temp.try(person, format('select directory.cancel_business_transfer(%L)', pg_temp.b(1))),
  outcome, rule
)
from (
  values
    ('other', '42501', 'a stranger withdraws no offer'), ('user', '42501', 'nor a manager'),
    ('member', 'true', 'an owner does'), ('member', 'false', 'once')
) as tried (person, outcome, rule);
select is(pg_temp.take('other', pg_temp.token('second')), 'PL145',
  'a withdrawn offer is worth nothing');

insert into kept values ('third', pg_temp.offer('member', 1, pg_temp.person('other')));
update directory_internal.business_claims
set created_at = now() - interval '9 days', expires_at = now()
where cancelled_at is null;
select is(pg_temp.take('other', pg_temp.token('third')), 'PL145',
  'an offer that is out of date neither');
insert into kept values ('fourth', pg_temp.offer('member', 1, pg_temp.person('other')));
select is(pg_temp.take('other', pg_temp.token('fourth')), pg_temp.b(1)::text,
  'the receiver takes it');
select is(
  ((pg_temp.the(1)).owner_id, (pg_temp.the(1)).claimed_at)::text,
  (pg_temp.person('other'), now())::text, 'and is the owner from now on'
);
select is(pg_temp.take('other', pg_temp.token('fourth')), 'PL145', 'a token is used once');
select is(
  (select array_agg(user_id) from directory.business_managers where business_id = pg_temp.b(1)),
  array[pg_temp.person('user')], 'managers stay'
);

-- a manager who becomes the owner
insert into kept values ('fifth', pg_temp.offer('other'));
select is(pg_temp.take('user', pg_temp.token('fifth')), pg_temp.b(1)::text,
  'a manager may take it');
select is_empty(
  format('select 1 from directory.business_managers where business_id = %L', pg_temp.b(1)),
  'and is a manager no more'
);
insert into kept values ('sixth', pg_temp.offer('user'));
select directory.admin_update_business(
  pg_temp.b(1), jsonb_build_object('owner_id', pg_temp.person('member'))
) \g /dev/null
select is(pg_temp.take('other', pg_temp.token('sixth')), 'PL145',
  'an offer ends when the business comes to another owner by any way');
insert into kept values ('seventh', pg_temp.offer('member'));
update directory.businesses set status = 'deleted' where id = pg_temp.b(1);
select is(pg_temp.take('other', pg_temp.token('seventh')), 'PL145', 'or is deleted');
select is((pg_temp.the(1)).owner_id, pg_temp.person('member'), 'who owns it still does');
select results_eq(
  $$select count(*) from directory_internal.business_claims where used_at is not null$$,
  $$values (2::bigint)$$, 'and no refusal has used a token'
);

select * from finish();
rollback;

-- The threat (D-39, D-40): a rival answers a review in the name of the business that it is about,
-- or signs an answer with the name of somebody else.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir reviews.psql

select plan(11);

-- by writing the table: the review, the business, the one who signs
create function pg_temp.answer(who text, n int, business int, signs text)
returns text
language plpgsql
as $$
declare
  outcome text;
begin
  perform pg_temp.act_as(who);
  outcome := pg_temp.outcome(format(
    'insert into directory.business_review_responses (review_id, business_id, responder_id, content)
     values (%L, %L, %L, ''Zqr thanks'')',
    pg_temp.review(n), pg_temp.business(business), pg_temp.person(signs)
  ));
  perform pg_temp.act_as('operator');
  return outcome;
end;
$$;

select is(pg_temp.answer('anon', 1, 1, 'owner'), '42501', 'a visitor answers nothing');
select is(pg_temp.answer('rival', 1, 1, 'rival'), '42501',
  'a rival does not answer in the name of the business');
select is(pg_temp.answer('rival', 1, 1, 'owner'), '42501', 'not even with the name of its owner');
select is(pg_temp.answer('rival', 1, 2, 'rival'), '23503',
  'a rival does not answer somebody else''s review in its own name');
select is(pg_temp.answer('rival', 3, 2, 'owner'), '42501',
  'a rival does not sign with the name of another');
select is(pg_temp.answer('editor', 1, 1, 'editor'), '42501', 'an editor does not answer');
select is(pg_temp.answer('owner', 1, 1, 'manager'), '42501',
  'an owner does not sign with the name of a manager');
select is(pg_temp.answer('owner', 1, 1, 'owner'), '00000', 'the owner answers');

select pg_temp.act_as('rival');
select is_empty(
  $$
    update directory.business_review_responses set content = 'Zqr we are bad'
    where review_id = pg_temp.review(1) returning 1
  $$,
  'a rival does not change the answer'
);
select pg_temp.act_as('manager');
update directory.business_review_responses set content = 'Zqr sorry'
where review_id = pg_temp.review(1);
select pg_temp.act_as('operator');
create temporary view answer as
select responder_id, content
from directory.business_review_responses
where review_id = pg_temp.review(1) offset 0;
select results_eq(
  'select * from answer', $$values (pg_temp.person('manager'), 'Zqr sorry')$$,
  'who changes the words signs them'
);
update directory.business_review_responses set content = 'Zqr mended'
where review_id = pg_temp.review(1);
select results_eq(
  'select * from answer', $$values (pg_temp.person('manager'), 'Zqr mended')$$,
  'a correction by the operator takes no answer over'
);

select * from finish();
rollback;

-- 300,000 rows, built and sorted in memory.
CREATE TABLE t(id INTEGER, key INTEGER, text TEXT);
WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 300000)
  INSERT INTO t SELECT x, (x * 7919) % 300007, printf('row %d of many', (x * 104729) % 1000003) FROM c;
CREATE INDEX by_key ON t(key);
CREATE INDEX by_text ON t(text);
SELECT count(*), min(text), max(text) FROM (SELECT * FROM t ORDER BY text, key DESC);
SELECT sum(length(a.text)) FROM t a JOIN t b ON a.key = b.id WHERE b.key % 3 = 0;
SELECT group_concat(s) FROM (SELECT substr(text, 5, 2) s, count(*) FROM t GROUP BY s ORDER BY 2 DESC LIMIT 5);

"""Work that Spark shares among the cores of many machines. The only package that imports pyspark."""
